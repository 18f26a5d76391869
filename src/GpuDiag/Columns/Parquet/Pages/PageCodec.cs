using Snappier;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Decompresses page bodies. One per thread; allocates nothing once warm.</summary>
internal sealed class PageCodec : IDisposable
{
    public const int Uncompressed = 0;
    private const int SnappyCodec = 1;
    private const int ZstdCodec = 6;
    private IZstd? zstd;

    private IZstd Zstd => zstd ??= NativeZstd.TryOpen() ?? (IZstd)new ManagedZstd();

    public static bool Supports(int codec) => codec is Uncompressed or SnappyCodec or ZstdCodec;

    /// <summary>Fills all of <paramref name="page"/>, or throws.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or make another size.</exception>
    public void Decompress(int codec, ReadOnlySpan<byte> stored, Span<byte> page)
    {
        int written;
        try
        {
            written = codec == SnappyCodec ? Snappy.Decompress(stored, page) : Zstd.Decompress(stored, page);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException("a page does not decompress: " + e.Message, e);
        }

        if (written != page.Length)
        {
            throw new InvalidDataException($"a page decompresses to {written} bytes where {page.Length} are declared");
        }
    }

    public void Dispose() => zstd?.Dispose();
}
