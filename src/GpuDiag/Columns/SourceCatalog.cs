using GpuDiag.Columns.Arrow;
using GpuDiag.Columns.Npy;
using GpuDiag.Columns.Parquet;

namespace GpuDiag.Columns;

/// <summary>Opens a file by what it is, which its first bytes say, not its name.</summary>
public static class SourceCatalog
{
    /// <exception cref="InputException">There is no such file, it cannot be read, or it is of no known format.</exception>
    public static ISource Open(string path)
    {
        Span<byte> head = stackalloc byte[8];
        RandomFile? file = null;
        int length;
        try
        {
            file = RandomFile.Open(path);
            length = file.ReadFully(head, 0);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw ReadFault.Wraps(error) ? ReadFault.From(error, path) : error;
        }

        // Held while the source opens, so that what was fetched of a remote file is there for it.
        using RandomFile held = file;
        ReadOnlySpan<byte> magic = head[..length];
        return magic switch
        {
            [] => throw new InputException("the file is empty", path, null, "Write it again, or leave it out."),
            _ when magic.StartsWith("PAR1"u8) => ParquetSource.Open(path),
            _ when magic.StartsWith("ARROW1"u8) => new ArrowSource(path, isStream: false),
            [0xFF, 0xFF, 0xFF, 0xFF, ..] => new ArrowSource(path, isStream: true),
            _ when magic.StartsWith("PARE"u8) =>
                throw new InputException("the Parquet file is encrypted", path, null, "Give an unencrypted copy."),
            _ when magic.StartsWith("FEA1"u8) =>
                throw new InputException("this is Feather version 1", path, null, "Write it as Feather version 2 (Arrow IPC) or Parquet."),
            [0x93, ..] when magic[1..].StartsWith("NUMPY"u8) =>
                new NpySource(path),
            _ => throw new InputException(
                "the file is neither Parquet nor Arrow", path, null, "Convert it to Parquet, for instance with DuckDB or pandas."),
        };
    }
}
