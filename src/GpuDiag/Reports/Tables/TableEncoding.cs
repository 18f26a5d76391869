using Parquet;

namespace GpuDiag.Reports.Tables;

/// <summary>How tables are written as Parquet.</summary>
internal static class TableEncoding
{
    /// <summary>
    /// Without compression: what a compressor finds to shorten depends on how it hashes, and that on the processor's instructions, so that the same table would
    /// have other bytes on another machine. Values that repeat are held once, in dictionaries, all the same.
    /// </summary>
    public static ParquetOptions Options => new() { CompressionMethod = CompressionMethod.None };
}
