using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that finds the least and the greatest finite value of numeric columns.</summary>
internal sealed class RangePass((double Low, double High)[] totals) : IBatchWorker
{
    private readonly (double Low, double High)[] mine = Empty(totals.Length);

    /// <summary>Bins of equal width over the values of each column; none where no value is finite.</summary>
    public static Dictionary<string, QuantileBins> Bins(IReadOnlyList<Field> columns, int count, Pipeline pipeline)
    {
        if (columns.Count == 0)
        {
            return [];
        }

        (double Low, double High)[] totals = Empty(columns.Count);
        pipeline.Run([.. columns.Select(c => new ColumnRequest(c.Name, ColumnForm.Numbers))], () => new RangePass(totals), 8 * columns.Count);
        return columns.Select((c, i) => (c.Name, totals[i])).ToDictionary(c => c.Name, c => Bins(c.Name, c.Item2, count));
    }

    public void Accept(Batch batch)
    {
        for (int c = 0; c < mine.Length; c++)
        {
            NumberColumn column = (NumberColumn)batch.Columns[c];
            (double low, double high) = mine[c];
            for (int i = 0; i < batch.Rows; i++)
            {
                double value = column[i];
                if (double.IsFinite(value))
                {
                    low = value < low ? value : low;
                    high = value > high ? value : high;
                }
            }

            mine[c] = (low, high);
        }
    }

    public void Finish()
    {
        lock (totals)
        {
            for (int c = 0; c < mine.Length; c++)
            {
                totals[c] = (Math.Min(totals[c].Low, mine[c].Low), Math.Max(totals[c].High, mine[c].High));
            }
        }
    }

    public void Dispose()
    {
    }

    private static (double Low, double High)[] Empty(int columns) =>
        [.. Enumerable.Repeat((double.PositiveInfinity, double.NegativeInfinity), columns)];

    /// <summary>Upper edges low + i·(high − low)/count, taken apart so that no step overflows; −0 is 0.</summary>
    private static QuantileBins Bins(string name, (double Low, double High) range, int count) => range.Low > range.High
        ? new QuantileBins(name, 0, [])
        : new QuantileBins(name, range.Low + 0.0, Enumerable.Range(1, count).Select(i => i == count ? range.High + 0.0 : (range.Low / count * (count - i)) + (range.High / count * i) + 0.0));
}
