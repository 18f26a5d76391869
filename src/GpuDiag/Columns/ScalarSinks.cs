namespace GpuDiag.Columns;

/// <summary>Takes the values of a column, run by run, into the batch's column.</summary>
internal interface IScalarSink<T>
    where T : unmanaged
{
    /// <summary>A batch starts.</summary>
    void Begin(Column target, int rows);

    /// <summary>A value for each row from <paramref name="row"/> on.</summary>
    void Values(int row, ReadOnlySpan<T> values);

    /// <summary>The row is null.</summary>
    void Null(int row);

    /// <summary>All <paramref name="rows"/> rows of the batch came.</summary>
    void End(int rows);
}

/// <summary>64-bit values to codes.</summary>
internal sealed class IntegerCodeSink(IntegerCodes cache) : IScalarSink<long>
{
    private readonly CodeScratch scratch = new();
    private int batchRows;
    private CodeColumn? column;

    public void Begin(Column target, int rows) => (column, batchRows) = ((CodeColumn)target, rows);

    public void Values(int row, ReadOnlySpan<long> values)
    {
        Span<int> codes = scratch.Rows(batchRows).Slice(row, values.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = cache.Code(values[i]);
        }
    }

    public void Null(int row) => scratch.Rows(batchRows)[row] = Domain.Null;

    public void End(int rows) => scratch.Store(column!, rows);
}

/// <summary>Byte strings to codes.</summary>
internal sealed class TextCodeSink(TextCodes cache) : IScalarSink<ByteRun>
{
    private readonly CodeScratch scratch = new();
    private int batchRows;
    private CodeColumn? column;

    public void Begin(Column target, int rows) => (column, batchRows) = ((CodeColumn)target, rows);

    public void Values(int row, ReadOnlySpan<ByteRun> values)
    {
        Span<int> codes = scratch.Rows(batchRows).Slice(row, values.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = cache.Code(values[i].Span);
        }
    }

    public void Null(int row) => scratch.Rows(batchRows)[row] = Domain.Null;

    public void End(int rows) => scratch.Store(column!, rows);
}

/// <summary>Floats as they are.</summary>
internal sealed class FloatSink : IScalarSink<float>
{
    private NumberColumn? column;

    public void Begin(Column target, int rows)
    {
        column = (NumberColumn)target;
        column.SetPrecision(false);
        column.Nulls = 0;
    }

    public void Values(int row, ReadOnlySpan<float> values) => values.CopyTo(column!.Floats[row..]);

    public void Null(int row)
    {
        column!.Floats[row] = float.NaN;
        column.Nulls++;
    }

    public void End(int rows)
    {
    }
}

/// <summary>Anything else that is a number, as doubles.</summary>
internal sealed class DoubleSink<T>(Func<T, double>? convert) : IScalarSink<T>
    where T : unmanaged, IEquatable<T>
{
    private NumberColumn? column;

    public void Begin(Column target, int rows)
    {
        column = (NumberColumn)target;
        column.SetPrecision(true);
        column.Nulls = 0;
    }

    public void Values(int row, ReadOnlySpan<T> values)
    {
        Span<double> target = column!.Doubles.Slice(row, values.Length);
        if (convert is not null)
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = convert(values[i]);
            }
        }
        else if (typeof(T) == typeof(double))
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(values).CopyTo(target);
        }
        else
        {
            ReadOnlySpan<long> integers = System.Runtime.InteropServices.MemoryMarshal.Cast<T, long>(values);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = integers[i];
            }
        }
    }

    public void Null(int row)
    {
        column!.Doubles[row] = double.NaN;
        column.Nulls++;
    }

    public void End(int rows)
    {
    }
}

/// <summary>Values to text, for the rows that are shown.</summary>
internal sealed class TextSink<T>(Func<T, string> text) : IScalarSink<T>
    where T : unmanaged
{
    private TextColumn? column;

    public void Begin(Column target, int rows) => column = (TextColumn)target;

    public void Values(int row, ReadOnlySpan<T> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            column!.Values[row + i] = text(values[i]);
        }
    }

    public void Null(int row) => column!.Values[row] = null;

    public void End(int rows)
    {
    }
}

/// <summary>Bytes of images; what the row's image is beside them is cleared.</summary>
internal sealed class ImageBytesSink : IScalarSink<ByteRun>
{
    private ImageColumn? column;

    public void Begin(Column target, int rows)
    {
        column = (ImageColumn)target;
        column.Clear(rows);
    }

    public void Values(int row, ReadOnlySpan<ByteRun> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            column!.Bytes[row + i] = values[i].Span.ToArray();
        }
    }

    public void Null(int row)
    {
    }

    public void End(int rows)
    {
    }
}

/// <summary>Paths of images.</summary>
/// <param name="beside">Bytes were read before, and stay.</param>
internal sealed class ImagePathSink(bool beside) : IScalarSink<ByteRun>
{
    private ImageColumn? column;

    public void Begin(Column target, int rows)
    {
        column = (ImageColumn)target;
        if (!beside)
        {
            column.Clear(rows);
        }
    }

    public void Values(int row, ReadOnlySpan<ByteRun> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            column!.Paths[row + i] = ValueText.Utf8(values[i].Span);
        }
    }

    public void Null(int row)
    {
    }

    public void End(int rows)
    {
    }
}
