namespace GpuDiag.Columns.Parquet;

/// <summary>
/// A list column as a matrix: repetition level 0 starts a row. A null row is NaN in every place, a null element one
/// NaN; a row of another length than the first is refused.
/// </summary>
internal sealed class MatrixReader<T>(ParquetLeaf leaf, string file, LeafCursor<T> cursor, ListWidth width, Func<int, long> firstRow, T nan)
    : ILeafReader
    where T : unmanaged
{
    private const int Run = 1 << 15;
    private readonly T[] values = new T[Run];
    private readonly short[] definition = new short[Run];
    private readonly short[] repetition = new short[Run];
    private T[] first = [];
    private int entries;
    private int next;
    private int nextValue;
    private int count;
    private long row;

    public void Start(int rowGroup)
    {
        cursor.Start(rowGroup);
        (entries, next, nextValue, count) = (0, 0, 0, 0);
        row = firstRow(rowGroup);
    }

    public void Read(Column target, int rows)
    {
        MatrixColumn matrix = (MatrixColumn)target;
        matrix.NullRows = 0;
        int leading = width.Value == 0 ? LeadingNulls(rows) : 0;
        int k = width.Value;
        matrix.Reserve(rows, k, typeof(T) == typeof(double));
        Span<T> cells = k == 0 ? default : System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(Bytes(matrix, rows));
        cells[..(leading * k)].Fill(nan);
        matrix.NullRows = leading;
        for (int r = leading; r < rows; r++)
        {
            if (r == leading && first.Length > 0)
            {
                first.CopyTo(cells[(r * k)..]);
                first = [];
            }
            else if (!Row(k, cells.Slice(r * k, k)))
            {
                matrix.NullRows++;
            }
        }
    }

    public void End()
    {
        if (Peek())
        {
            throw ReadFault.Corrupt("goes on after its row group ends", file, leaf.Field.Name);
        }
    }

    public void Dispose() => cursor.Dispose();

    private static unsafe Span<byte> Bytes(MatrixColumn matrix, int rows) =>
        new((void*)matrix.Pointer, checked(rows * matrix.Width * (matrix.IsDouble ? 8 : 4)));

    /// <summary>Before a width is known: counts null rows up to the first other row, keeps that row and settles the width by it.</summary>
    private int LeadingNulls(int rows)
    {
        for (int nulls = 0; nulls < rows; nulls++)
        {
            StartRow();
            if (definition[next] < leaf.EmptyDefinition)
            {
                next++;
                row++;
                continue;
            }

            List<T> cells = [];
            do
            {
                cells.Add(Cell());
            }
            while (Peek() && repetition[next] != 0);

            first = [.. cells];
            if (!width.Settle(first.Length))
            {
                throw Ragged(first.Length);
            }

            row++;
            return nulls;
        }

        return rows;
    }

    /// <summary>Reads a row of the settled width; false if it is null.</summary>
    private bool Row(int k, Span<T> target)
    {
        StartRow();
        if (definition[next] < leaf.EmptyDefinition)
        {
            target.Fill(nan);
            next++;
            row++;
            return false;
        }

        int have = 0;
        while (have < k)
        {
            if (have > 0 && (!Peek() || repetition[next] == 0))
            {
                throw Ragged(have);
            }

            int plain = PlainRun(k - have, have == 0);
            if (plain > 0)
            {
                values.AsSpan(nextValue, plain).CopyTo(target[have..]);
                nextValue += plain;
                next += plain;
                have += plain;
            }
            else
            {
                target[have++] = Cell();
            }
        }

        if (Peek() && repetition[next] != 0)
        {
            throw Ragged(k + 1);
        }

        row++;
        return true;
    }

    /// <summary>How many of the next entries, within the run read, are values and go on with one row.</summary>
    private int PlainRun(int most, bool starts)
    {
        int length = Math.Min(most, entries - next);
        int present = definition.AsSpan(next, length).IndexOfAnyExcept(leaf.MaxDefinition);
        length = present < 0 ? length : present;
        int skip = starts ? 1 : 0;
        if (length <= skip)
        {
            return length;
        }

        int other = repetition.AsSpan(next + skip, length - skip).IndexOf((short)0);
        length = other < 0 ? length : other + skip;
        return nextValue + length <= count ? length : throw TooFewValues();
    }

    private T Cell()
    {
        short level = definition[next];
        if (level < leaf.ElementDefinition)
        {
            throw Ragged(0);
        }

        next++;
        return level < leaf.MaxDefinition ? nan : nextValue < count ? values[nextValue++] : throw TooFewValues();
    }

    private void StartRow()
    {
        if (!Peek())
        {
            throw ReadFault.Corrupt("ends before its row group does", file, leaf.Field.Name);
        }

        if (repetition[next] != 0)
        {
            throw ReadFault.Corrupt("a row starts in the middle of a list", file, leaf.Field.Name);
        }
    }

    /// <summary>Whether another entry is there; reads the next run when this one is used up.</summary>
    private bool Peek()
    {
        if (next == entries)
        {
            entries = cursor.Read(Run, definition, repetition, values, out count);
            (next, nextValue) = (0, 0);
        }

        return next < entries;
    }

    private InputException TooFewValues() => ReadFault.Corrupt("has fewer values than its levels say", file, leaf.Field.Name);

    private InputException Ragged(int length) => ListWidth.Ragged(file, leaf.Field.Name, row, length, width.Value);
}
