using ZstdSharp;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>zstd in C#, for platforms that <see cref="NativeZstd"/> has no library for: half as fast.</summary>
internal sealed class ManagedZstd : IZstd
{
    private readonly Decompressor context = new();

    public int Decompress(ReadOnlySpan<byte> stored, Span<byte> page)
    {
        try
        {
            return context.Unwrap(stored, page);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("a page does not decompress: " + e.Message, e);
        }
    }

    public void Dispose() => context.Dispose();
}
