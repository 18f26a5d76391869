namespace GpuDiag.Columns.Parquet;

/// <summary>Fills one column of the batches of a row group.</summary>
internal interface ILeafReader : IDisposable
{
    /// <summary>Positions at a row group's first row.</summary>
    void Start(int rowGroup);

    /// <summary>Writes the next <paramref name="rows"/> rows.</summary>
    /// <exception cref="InputException">The row group ends before them.</exception>
    void Read(Column target, int rows);

    /// <summary>After the last row.</summary>
    /// <exception cref="InputException">The row group goes on.</exception>
    void End();
}

/// <summary>A column with one value or null per row.</summary>
internal sealed class ScalarReader<T>(ParquetLeaf leaf, string file, LeafCursor<T> cursor, IScalarSink<T> sink) : ILeafReader
    where T : unmanaged
{
    private const int Run = 1 << 15;
    private readonly T[] values = new T[Run];
    private readonly short[] definition = new short[leaf.MaxDefinition > 0 ? Run : 0];
    private readonly short present = leaf.MaxDefinition;

    public void Start(int rowGroup) => cursor.Start(rowGroup);

    public void Read(Column target, int rows)
    {
        sink.Begin(target, rows);
        int row = 0;
        while (row < rows)
        {
            int entries = cursor.Read(Math.Min(Run, rows - row), definition, default, values, out int count);
            if (entries == 0)
            {
                throw ReadFault.Corrupt("ends before its row group does", file, leaf.Field.Name);
            }

            if (present == 0 || count == entries)
            {
                sink.Values(row, values.AsSpan(0, entries));
            }
            else
            {
                Spread(row, definition.AsSpan(0, entries), values.AsSpan(0, count));
            }

            row += entries;
        }

        sink.End(rows);
    }

    public void End()
    {
        if (cursor.Read(1, definition, default, values, out _) != 0)
        {
            throw ReadFault.Corrupt("goes on after its row group ends", file, leaf.Field.Name);
        }
    }

    public void Dispose() => cursor.Dispose();

    /// <summary>Hands over runs of values between the nulls.</summary>
    private void Spread(int row, ReadOnlySpan<short> levels, ReadOnlySpan<T> dense)
    {
        int i = 0;
        while (i < levels.Length)
        {
            int run = levels[i..].IndexOfAnyExcept(present);
            run = run < 0 ? levels.Length - i : run;
            if (run > 0)
            {
                sink.Values(row + i, dense[..run]);
                dense = dense[run..];
                i += run;
            }

            while (i < levels.Length && levels[i] != present)
            {
                sink.Null(row + i);
                i++;
            }
        }

        if (!dense.IsEmpty)
        {
            throw ReadFault.Corrupt("has more values than its levels say", file, leaf.Field.Name);
        }
    }
}

/// <summary>A <c>{bytes, path}</c> struct: both leaves into one column.</summary>
internal sealed class ImageReader(ILeafReader bytes, ILeafReader paths) : ILeafReader
{
    public void Start(int rowGroup)
    {
        bytes.Start(rowGroup);
        paths.Start(rowGroup);
    }

    public void Read(Column target, int rows)
    {
        bytes.Read(target, rows);
        paths.Read(target, rows);
    }

    public void End()
    {
        bytes.End();
        paths.End();
    }

    public void Dispose()
    {
        bytes.Dispose();
        paths.Dispose();
    }
}
