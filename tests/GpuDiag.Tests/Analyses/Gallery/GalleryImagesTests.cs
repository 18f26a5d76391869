using Apache.Arrow;
using Apache.Arrow.Types;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns.Images;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Columns;
using StbImageWriteSharp;

namespace GpuDiag.Tests.Analyses.Gallery;

/// <summary>The gallery shows pictures however data holds them, and nothing that it must not.</summary>
public sealed class GalleryImagesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bytes_AreShownAsThumbnails_AndDamagedOnesAsBroken()
    {
        byte[][] images = [Png(8, 8, 1), Png(300, 100, 2), [1, 2, 3], [], Png(8, 8, 5)[..40]];
        ScanOutcome outcome = Scan([.. images.Select(i => ((byte[]?)i, (string?)null))]);
        GalleryRow[] rows = Rows(outcome);
        Assert.Equal(["image/png", "image/jpeg", "broken", null, "broken"], rows.Select(r => r.ImageType));
        Assert.Equal((8, 8), Size(rows[0]));
        Assert.Equal((128, 43), Size(rows[1]));
        Assert.All(rows[2..], r => Assert.Null(r.Image));
        Assert.Equal(ImageDecoder.Decode(images[0], 3).Data, ImageDecoder.Decode(rows[0].Image!, 3).Data);
        GalleryImagesResult about = outcome.Result.Gallery!.Images!;
        Assert.Equal(("image", 2, 2, 0), (about.Column, about.Shown, about.Broken, about.LeftOut));
        Assert.Equal(rows.Sum(r => r.Image?.Length ?? 0), about.Bytes);
    }

    [Fact]
    public void Paths_AreReadBelowTheFolderOfTheDataAlone()
    {
        Directory.CreateDirectory(folder["data/sub"]);
        File.WriteAllBytes(folder["data/sub/a.png"], Png(8, 8, 1));
        File.WriteAllBytes(folder["outside.png"], Png(8, 8, 2));
        File.CreateSymbolicLink(folder["data/link.png"], folder["outside.png"]);
        Directory.CreateSymbolicLink(folder["data/up"], folder["."]);
        string?[] paths = ["sub/a.png", "../outside.png", folder["outside.png"], "link.png", "up/outside.png", "none.png", "sub", "", null];
        GalleryRow[] rows = Rows(Scan([.. paths.Select(p => ((byte[]?)null, p))], "data/rows.arrow"));
        Assert.Equal(["image/png", .. Enumerable.Repeat("broken", 7), null], rows.Select(r => r.ImageType));
        Assert.Equal((8, 8), Size(rows[0]));
    }

    [Fact]
    public void Structs_GiveBytesBeforePaths()
    {
        File.WriteAllBytes(folder["a.png"], Png(9, 9, 1));
        (byte[]?, string?)[] images = [(Png(8, 8, 1), "a.png"), (null, "a.png"), (null, null)];
        GalleryRow[] rows = Rows(Scan(images, form: "struct"));
        Assert.Equal([(8, 8), (9, 9)], rows[..2].Select(Size));
        Assert.Null(rows[2].ImageType);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Room_IsGivenInTheOrderOfChoice(int threads)
    {
        // Noise does not compress: some 16 KB each, so that about 150 of 600 find room.
        (byte[]?, string?)[] images = [.. Enumerable.Range(0, 600).Select(i => ((byte[]?)Png(64, 64, i, noise: true), (string?)null))];
        ScanOutcome outcome = Scan(images, gallery: 1000, threads: threads);
        GalleryImagesResult about = outcome.Result.Gallery!.Images!;
        Assert.InRange(about.Bytes, GalleryImages.MostBytes - 20_000, GalleryImages.MostBytes);
        Assert.Equal(600, about.Shown + about.LeftOut);
        Assert.All(outcome.Gallery!.Take(about.Shown), r => Assert.NotNull(r.Image));
        Assert.All(outcome.Gallery!.Skip(about.Shown), r => Assert.Null(r.ImageType));
        using MemoryStream stream = new();
        GalleryTable.Of(outcome.Result.Gallery.Meta).Write(stream, outcome.Gallery!, default);
        Assert.InRange(stream.Length, about.Bytes, about.Bytes + 200_000);
    }

    private ScanOutcome Scan((byte[]? Bytes, string? Path)[] images, string file = "rows.arrow", string? form = null, int gallery = 24, int threads = 2)
    {
        form ??= images.Any(i => i.Path is not null) ? "path" : "bytes";
        BinaryArray.Builder bytes = new();
        foreach ((byte[]? content, _) in images)
        {
            _ = content is null ? bytes.AppendNull() : bytes.Append(content.AsSpan());
        }

        IArrowArray paths = ArrowFiles.Strings([.. images.Select(i => i.Path)]);
        IArrowArray image = form switch
        {
            "path" => paths,
            "bytes" => bytes.Build(),
            _ => new StructArray(
                new StructType([new Field("bytes", BinaryType.Default, true), new Field("path", StringType.Default, true)]), images.Length, [bytes.Build(), paths], ArrowBuffer.Empty, nullCount: 0),
        };
        ArrowFiles.Write(folder[file], "file", [
            ("label", ArrowFiles.Strings([.. images.Select(_ => (string?)"a")])),
            ("pred", ArrowFiles.Strings([.. images.Select(_ => (string?)"b")])),
            ("image", image)]);
        return GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [folder[file]], Gallery = gallery, Threads = threads }, null, default);
    }

    private static GalleryRow[] Rows(ScanOutcome outcome) => [.. outcome.Gallery!.OrderBy(r => r.Line.Row)];

    private static (int Width, int Height) Size(GalleryRow row)
    {
        Pixels pixels = ImageDecoder.Decode(row.Image!, 3);
        return (pixels.Width, pixels.Height);
    }

    private static byte[] Png(int width, int height, int seed, bool noise = false)
    {
        Random random = new(seed);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = noise ? (byte)random.Next(256) : (byte)(i / 30 * seed);
        }

        using MemoryStream stream = new();
        new ImageWriter().WritePng(pixels, width, height, ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }
}
