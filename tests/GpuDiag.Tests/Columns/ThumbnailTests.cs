using System.Buffers.Binary;
using System.IO.Compression;
using GpuDiag.Columns.Images;
using StbImageWriteSharp;

namespace GpuDiag.Tests.Columns;

/// <summary>Small, encoded anew, and safe to make of anything.</summary>
public class ThumbnailTests
{
    [Theory]
    [InlineData(64, 64, "image/png", 64, 64)]
    [InlineData(65, 10, "image/jpeg", 65, 10)]
    [InlineData(128, 128, "image/jpeg", 128, 128)]
    [InlineData(1000, 500, "image/jpeg", 128, 64)]
    [InlineData(3000, 2, "image/jpeg", 128, 1)]
    public void Sizes_AreBounded(int width, int height, string type, int newWidth, int newHeight)
    {
        Thumbnail thumbnail = Thumbnail.Of(Png(width, height, i => (byte)(i % 251)));
        Pixels pixels = ImageDecoder.Decode(thumbnail.Bytes, 3);
        Assert.Equal((type, newWidth, newHeight, (long)width * height), (thumbnail.Type, pixels.Width, pixels.Height, thumbnail.Pixels));
    }

    [Fact]
    public void GreyPictures_HaveOneChannel()
    {
        Thumbnail grey = Thumbnail.Of(Png(60, 60, i => (byte)(i / 3 * 7))), colour = Thumbnail.Of(Png(60, 60, i => (byte)(i * 7)));
        Assert.Equal(0, grey.Bytes[25]); // The header's type of colour.
        Assert.Equal(2, colour.Bytes[25]);
        Assert.Equal(ImageDecoder.Decode(Png(60, 60, i => (byte)(i / 3 * 7)), 3).Data, ImageDecoder.Decode(grey.Bytes, 3).Data);
    }

    /// <summary>A file of half a megabyte whose data inflates to half a gigabyte, behind a header of one pixel.</summary>
    [Fact]
    public void PictureThatInflatesFarBeyondItsHeader_IsRefused()
    {
        using MemoryStream file = new();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        header[3] = header[7] = 1;
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using MemoryStream data = new();
        using (ZLibStream deflated = new(data, CompressionLevel.Optimal, true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 280; i++)
            {
                deflated.Write(zeros);
            }
        }

        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidDataException>(() => ImageDecoder.Decode(file.ToArray(), 3));
        Assert.Equal("holds far more than its header says", fault.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] body)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        file.Write(length);
        file.Write(type);
        file.Write(body);
        file.Write(new byte[4]);
    }

    private static byte[] Png(int width, int height, Func<int, byte> value)
    {
        using MemoryStream stream = new();
        new ImageWriter().WritePng([.. Enumerable.Range(0, width * height * 3).Select(value)], width, height, ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }
}
