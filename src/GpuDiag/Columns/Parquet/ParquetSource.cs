using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Columns.Parquet;

/// <summary>
/// Opens a Parquet file: by our own page decoder, which leaves the columns it does not take to a library, and so loads
/// no library for most files.
/// </summary>
public static class ParquetSource
{
    /// <summary>Set to <c>managed</c> or <c>native</c>, it forces that library for all columns; for finding out which reader is at fault.</summary>
    public const string ReaderVariable = "GPUDIAG_PARQUET";

    /// <exception cref="InputException">The file cannot be opened, or is no Parquet file.</exception>
    public static ISource Open(string path) => Environment.GetEnvironmentVariable(ReaderVariable) switch
    {
        "managed" => new ManagedParquetSource(path),
        "native" => new NativeParquetSource(path),
        _ => new PagesSource(path, () => OpenLibrary(path)),
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
