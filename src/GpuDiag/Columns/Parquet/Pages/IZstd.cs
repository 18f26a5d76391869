namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>A decompressor of zstd frames (RFC 8878). Not thread-safe.</summary>
internal interface IZstd : IDisposable
{
    /// <summary>Decompresses all frames of <paramref name="stored"/>, checking their checksums where they have one.</summary>
    /// <returns>Bytes written to the start of <paramref name="page"/>.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged, or make more than fits.</exception>
    int Decompress(ReadOnlySpan<byte> stored, Span<byte> page);
}
