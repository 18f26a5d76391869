using System.Buffers.Binary;
using System.IO.Compression;

namespace GpuDiag.Columns.Images;

/// <summary>
/// Whether a PNG inflates to about what its header says. Deflate turns a byte into up to a thousand, and the decoder inflates
/// all there is, so a small file could fill the memory.
/// </summary>
internal static class PngBound
{
    /// <summary>Bytes that any picture may inflate to.</summary>
    private const long Harmless = 1L << 28;

    /// <summary>Deflate's greatest ratio.</summary>
    private const long Ratio = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="InvalidDataException">It inflates to far more.</exception>
    public static void Check(byte[] content)
    {
        if (!content.AsSpan().StartsWith(Signature) || content.Length * Ratio <= Harmless)
        {
            return;
        }

        using MemoryStream data = new();
        long most = 0;
        for (long at = Signature.Length; at + 8 <= content.Length;)
        {
            ReadOnlySpan<byte> chunk = content.AsSpan((int)at);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            long end = Math.Min(at + 8 + length, content.Length);
            ReadOnlySpan<byte> body = content.AsSpan((int)at + 8, (int)(end - at - 8));
            if (chunk[4..8].SequenceEqual("IHDR"u8) && body.Length >= 13)
            {
                // Four channels of two bytes at most, a byte per line, and the lines of seven passes.
                long width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
                most = (((8 * width) + 1) * height) + (8 * (width + height)) + (1 << 12);
            }
            else if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                data.Write(body);
            }

            at += 12 + length;
        }

        if (data.Length * Ratio > Harmless && Inflates(data, Math.Max(most, Harmless)))
        {
            throw new InvalidDataException("holds far more than its header says");
        }
    }

    /// <summary>To more than so many bytes. A damaged stream does as far as it goes: the decoder says what is wrong with it.</summary>
    private static bool Inflates(MemoryStream data, long most)
    {
        data.Position = 0;
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try
        {
            using ZLibStream inflated = new(data, CompressionMode.Decompress, leaveOpen: true);
            while (total <= most && inflated.Read(buffer) is > 0 and int read)
            {
                total += read;
            }
        }
        catch (InvalidDataException)
        {
            return total > most;
        }

        return total > most;
    }
}
