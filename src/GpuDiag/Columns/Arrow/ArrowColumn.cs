namespace GpuDiag.Columns.Arrow;

/// <summary>Fills one column of the batches of a chunk.</summary>
internal interface IArrowColumn
{
    /// <summary>Rows of this record batch come next.</summary>
    void Start(ArrowVector vector, int chunk);

    void Read(Column target, long row, int rows);
}

/// <summary>A column with one value or null per row.</summary>
internal sealed class ArrowScalar<T>(ArrowDecode<T> decode, IScalarSink<T> sink) : IArrowColumn
    where T : unmanaged
{
    private const int Run = 4096;
    private readonly T[] values = new T[Run];
    private ArrowVector? vector;

    public void Start(ArrowVector vector, int chunk) => this.vector = vector;

    public void Read(Column target, long row, int rows)
    {
        sink.Begin(target, rows);
        int at = 0;
        while (at < rows)
        {
            int run = Valid(row + at, Math.Min(Run, rows - at));
            if (run == 0)
            {
                sink.Null(at++);
                continue;
            }

            Span<T> part = values.AsSpan(0, run);
            decode(vector!, row + at, part);
            sink.Values(at, part);
            at += run;
        }

        sink.End(rows);
    }

    /// <summary>How many rows from this one on have a value.</summary>
    private int Valid(long row, int most)
    {
        if (vector!.Field.Layout == ArrowLayout.Null)
        {
            return 0;
        }

        if (vector.Nulls == 0)
        {
            return most;
        }

        int run = 0;
        while (run < most && vector.IsValid(row + run))
        {
            run++;
        }

        return run;
    }
}

/// <summary>A <c>{bytes, path}</c> struct: both fields into one column; a row that is null as a whole has neither.</summary>
internal sealed class ArrowImage((int Place, IArrowColumn Column) bytes, (int Place, IArrowColumn Column) paths) : IArrowColumn
{
    private ArrowVector? vector;

    public void Start(ArrowVector vector, int chunk)
    {
        this.vector = vector;
        bytes.Column.Start(vector.Parts[bytes.Place], chunk);
        paths.Column.Start(vector.Parts[paths.Place], chunk);
    }

    public void Read(Column target, long row, int rows)
    {
        bytes.Column.Read(target, row, rows);
        paths.Column.Read(target, row, rows);
        ImageColumn images = (ImageColumn)target;
        for (int i = 0; i < rows && vector!.Nulls > 0; i++)
        {
            if (!vector.IsValid(row + i))
            {
                (images.Bytes[i], images.Paths[i]) = (null, null);
            }
        }
    }
}

/// <summary>A dictionary column: its indices pass through a table of what the request makes of each value.</summary>
/// <param name="isBytes">The values are bytes, whose texts are hexadecimal.</param>
internal sealed class ArrowDictionaryColumn(ArrowField index, Func<int, ArrowDictionary> dictionary, ColumnRequest request, bool isBytes) : IArrowColumn
{
    private readonly CodeScratch scratch = new();
    private readonly long[] indices = new long[1];
    private ArrowDecode<long> Decode { get; } = ArrowDecoders.Longs(index);
    private ArrowVector? vector;
    private ArrowDictionary? values;
    private int[] codes = [];

    public void Start(ArrowVector vector, int chunk)
    {
        this.vector = vector;
        ArrowDictionary now = dictionary(chunk);
        if (!ReferenceEquals(now, values) && request.Domain is { } domain)
        {
            codes = [.. now.Texts.Select(text => text is null ? Domain.Null : domain.Code(text))];
        }

        values = now;
    }

    public void Read(Column target, long row, int rows)
    {
        switch (target)
        {
            case CodeColumn column:
                Span<int> to = scratch.Rows(rows);
                for (int i = 0; i < rows; i++)
                {
                    to[i] = Entry(row + i) is >= 0 and int entry ? codes[entry] : Domain.Null;
                }

                scratch.Store(column, rows);
                break;
            case TextColumn column:
                for (int i = 0; i < rows; i++)
                {
                    column.Values[i] = Entry(row + i) is >= 0 and int entry ? values!.Texts[entry] : null;
                }

                break;
            case ImageColumn column:
                column.Clear(rows);
                for (int i = 0; i < rows; i++)
                {
                    string? text = Entry(row + i) is >= 0 and int entry ? values!.Texts[entry] : null;
                    column.Paths[i] = isBytes ? null : text;
                    column.Bytes[i] = isBytes && text is not null ? Convert.FromHexString(text) : null;
                }

                break;
            case NumberColumn column:
                column.SetPrecision(true);
                column.Nulls = 0;
                for (int i = 0; i < rows; i++)
                {
                    bool isNull = Entry(row + i) is not (>= 0 and int entry) || values!.Texts[entry] is null;
                    column.Doubles[i] = isNull ? double.NaN : values!.Number(Entry(row + i));
                    column.Nulls += isNull ? 1 : 0;
                }

                break;
            default:
                throw new ArgumentException($"'{request.Column}' cannot be read as {target.GetType().Name}", nameof(target));
        }
    }

    /// <summary>The row's place in the dictionary; −1 for null.</summary>
    private int Entry(long row)
    {
        if (!vector!.IsValid(row))
        {
            return -1;
        }

        Decode(vector, row, indices);
        return (ulong)indices[0] < (ulong)values!.Texts.Count
            ? (int)indices[0]
            : throw new InvalidDataException($"row {row} of a batch has entry {indices[0]} of a dictionary of {values.Texts.Count}");
    }
}

/// <summary>The values of a dictionary, as texts; null is null.</summary>
internal sealed record ArrowDictionary(IReadOnlyList<string?> Texts)
{
    /// <summary>A value that is a number or boolean, as a number.</summary>
    internal double Number(int entry) => Texts[entry] switch
    {
        "true" => 1,
        "false" => 0,
        var text => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture),
    };
}
