namespace GpuDiag.Columns.Parquet;

/// <summary>Opens a Parquet file with the reader that fits the machine.</summary>
public static class ParquetSource
{
    /// <summary>Set to <c>managed</c> or <c>native</c>, it forces that library; for finding out which of them is at fault.</summary>
    public const string ReaderVariable = "GPUDIAG_PARQUET";

    /// <exception cref="InputException">The file cannot be opened, or is no Parquet file.</exception>
    public static ISource Open(string path) => Environment.GetEnvironmentVariable(ReaderVariable) switch
    {
        "managed" => new ManagedParquetSource(path),
        "native" => new NativeParquetSource(path),
        _ => OpenLibrary(path),
    };

    /// <summary>ParquetSharp, or Parquet.Net where ParquetSharp has no native library for this machine.</summary>
    internal static ISource OpenLibrary(string path)
    {
        try
        {
            return new NativeParquetSource(path);
        }
        catch (Exception error) when (NativeParquetSource.IsMissingLibrary(error))
        {
            return new ManagedParquetSource(path);
        }
    }
}
