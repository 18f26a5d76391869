using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Makes one code column of each batch. One instance per thread.</summary>
internal abstract class CodeStage : IDisposable
{
    public abstract CodeColumn Take(Batch batch);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>A column that the reader gives as codes.</summary>
internal sealed class StoredCodes(int index) : CodeStage
{
    public override CodeColumn Take(Batch batch) => (CodeColumn)batch.Columns[index];
}

/// <summary>A column that the data does not have: null in every row.</summary>
internal sealed class NullCodes(Domain domain, int capacity) : CodeStage
{
    private readonly CodeColumn output = new(domain, capacity);

    public override CodeColumn Take(Batch batch)
    {
        output.SetLimit(1);
        output.Bytes[..batch.Rows].Clear();
        return output;
    }

    public override void Dispose()
    {
        output.Dispose();
        base.Dispose();
    }
}

/// <summary>
/// Classes stored as floats, as a table library writes integers beside nulls: the integers again, NaN as null.
/// </summary>
/// <exception cref="InputException">From Take: a value that is no integer.</exception>
internal sealed class IntegralCodes(int index, Domain domain, int capacity, string column) : CodeStage
{
    private readonly CodeColumn output = new(domain, capacity);
    private readonly int[] codes = new int[capacity];
    private double lastValue = double.NaN;
    private int lastCode;

    public override CodeColumn Take(Batch batch)
    {
        NumberColumn numbers = (NumberColumn)batch.Columns[index];
        for (int i = 0; i < batch.Rows; i++)
        {
            codes[i] = Code(numbers[i], batch.FirstRow + i);
        }

        CodeNarrowing.Fill(output, codes.AsSpan(0, batch.Rows));
        return output;
    }

    public override void Dispose()
    {
        output.Dispose();
        base.Dispose();
    }

    private int Code(double value, long row)
    {
        if (double.IsNaN(value))
        {
            return Domain.Null;
        }

        if (value != lastValue)
        {
            if (value != Math.Floor(value) || Math.Abs(value) > 1L << 53)
            {
                throw new InputException(
                    FormattableString.Invariant($"holds {value:R} in row {row}, which is no class"),
                    null,
                    column,
                    "Classes are text, booleans or whole numbers. For scores use --probs or --confidence.");
            }

            (lastValue, lastCode) = (value, domain.Code((long)value));
        }

        return lastCode;
    }
}

/// <summary>Numbers cut at given edges: bin i holds edges[i−1] &lt; x ≤ edges[i]. NaN is null.</summary>
internal sealed class BinCodes(int index, QuantileBins bins, int capacity) : CodeStage
{
    private readonly CodeColumn output = new(bins.Domain, capacity);
    private readonly int[] codes = new int[capacity];

    public override CodeColumn Take(Batch batch)
    {
        NumberColumn numbers = (NumberColumn)batch.Columns[index];
        for (int i = 0; i < batch.Rows; i++)
        {
            codes[i] = bins.Code(numbers[i]);
        }

        CodeNarrowing.Fill(output, codes.AsSpan(0, batch.Rows));
        return output;
    }

    public override void Dispose()
    {
        output.Dispose();
        base.Dispose();
    }
}

/// <summary>Cells that are known of each row of the data, by its number.</summary>
/// <param name="cells">Per row the cell, −1 for none.</param>
/// <param name="domain">Cell c has the code 1 + c.</param>
/// <param name="capacity">Rows of a batch at most.</param>
internal sealed class RowCodes(int[] cells, Domain domain, int capacity) : CodeStage
{
    private readonly CodeColumn output = new(domain, capacity);
    private readonly int[] codes = new int[capacity];

    public override CodeColumn Take(Batch batch)
    {
        for (int i = 0; i < batch.Rows; i++)
        {
            codes[i] = 1 + cells[batch.FirstRow + i];
        }

        CodeNarrowing.Fill(output, codes.AsSpan(0, batch.Rows));
        return output;
    }

    public override void Dispose()
    {
        output.Dispose();
        base.Dispose();
    }
}

/// <summary>
/// Pairs of codes as values of a domain of pairs, "a*b". Crosses of more columns are pairs of pairs.
/// Texts are joined once per pair and thread.
/// </summary>
internal sealed class CrossCodes(CodeStage left, CodeStage right, Domain pairs, int capacity) : CodeStage
{
    /// <summary>Pairs up to which a table is quicker than hashing.</summary>
    private const int TableEntries = 1 << 20;

    private const int Unknown = -1;

    private readonly CodeColumn output = new(pairs, capacity);
    private readonly int[] codes = new int[capacity];
    private readonly Dictionary<ulong, int> known = [];
    private int[] table = [];
    private int stride;

    public override CodeColumn Take(Batch batch)
    {
        CodeColumn a = left.Take(batch), b = right.Take(batch);
        bool small = (long)a.Limit * b.Limit <= TableEntries;
        if (small && (b.Limit > stride || (long)a.Limit * stride > table.Length))
        {
            stride = b.Limit;
            table = new int[a.Limit * stride];
            Array.Fill(table, Unknown);
        }

        for (int i = 0; i < batch.Rows; i++)
        {
            int x = a[i], y = b[i];
            if (!small)
            {
                codes[i] = Code(a, b, x, y);
                continue;
            }

            ref int entry = ref table[(x * stride) + y];
            if (entry == Unknown)
            {
                entry = Code(a, b, x, y);
            }

            codes[i] = entry;
        }

        CodeNarrowing.Fill(output, codes.AsSpan(0, batch.Rows));
        return output;
    }

    public override void Dispose()
    {
        left.Dispose();
        right.Dispose();
        output.Dispose();
        base.Dispose();
    }

    private int Code(CodeColumn a, CodeColumn b, int x, int y)
    {
        ulong pair = ((ulong)(uint)x << 32) | (uint)y;
        if (!known.TryGetValue(pair, out int code))
        {
            // Nothing in either column is nothing in the cross.
            code = x == Domain.Null && y == Domain.Null ? Domain.Null : pairs.Code($"{a.Domain.Text(x)}*{b.Domain.Text(y)}");
            known[pair] = code;
        }

        return code;
    }
}
