namespace GpuDiag.Columns.Npy;

/// <summary>A NumPy array file as a column: one dimension is a number per row, two a list per row. Mapped, never loaded whole.</summary>
internal sealed class NpyFile : IDisposable
{
    private readonly MappedFile file;
    private readonly NpyHeader header;

    /// <exception cref="InputException">The file is missing, or no array of floats that this tool reads.</exception>
    internal NpyFile(string path)
    {
        Path = path;
        try
        {
            file = MappedFile.Open(path);
            header = NpyHeader.Parse(file, path);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw ReadFault.Wraps(error) ? ReadFault.From(error, path) : error;
        }
    }

    internal string Path { get; }

    internal long Rows => header.Rows;

    /// <summary>Values per row; 0 for one dimension.</summary>
    internal int Width => header.Width;

    /// <summary>Bytes per value: 2, 4 or 8.</summary>
    internal int ItemBytes => header.ItemBytes;

    internal Field Field(string name)
    {
        string item = $"float{8 * ItemBytes}";
        return Width == 0
            ? new Field(name, ItemBytes == 8 ? FieldType.Float64 : FieldType.Float32, item)
            : new Field(name, ItemBytes == 8 ? FieldType.Float64List : FieldType.Float32List, $"list<{item}>", Width);
    }

    /// <summary>The bytes of some rows.</summary>
    internal ReadOnlySpan<byte> Bytes(long row, int rows) => file.Span(Offset(row), Size(rows));

    internal nint Address(long row, int rows) => file.Address(Offset(row), Size(rows));

    /// <summary>All rows in place, where they are float32 and aligned.</summary>
    internal MappedMatrix? Map()
    {
        if (ItemBytes != sizeof(float) || Width == 0 || Rows == 0)
        {
            return null;
        }

        nint address = file.Address(Offset(0), header.DataBytes);
        return address % sizeof(float) == 0 ? new MappedMatrix(address, Width) : null;
    }

    public void Dispose() => file.Dispose();

    private long Offset(long row) => header.DataOffset + (row * Math.Max(1, Width) * ItemBytes);

    private long Size(int rows) => (long)rows * Math.Max(1, Width) * ItemBytes;
}
