namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The order of the classes in one row: by probability, descending; equal probabilities by lower column. Comparisons
/// only, so any way of computing it gives the same. NaN entries are the caller's to exclude.
/// Compiles on every ILGPU backend.
/// </summary>
public static class RowOrder
{
    /// <summary>The column of the largest probability, the lowest such column on a tie. classes ≥ 1.</summary>
    public static int ArgMax<TRow>(TRow row, int classes)
        where TRow : struct, IRow
    {
        var best = 0;
        var top = row.At(0);
        for (var k = 1; k < classes; k++)
        {
            var p = row.At(k);
            if (p > top)
            {
                best = k;
                top = p;
            }
        }

        return best;
    }

    /// <summary>Largest minus second largest probability; the largest itself when there is one class. 0 on a tie.</summary>
    public static double Margin<TRow>(TRow row, int classes)
        where TRow : struct, IRow
    {
        var top = row.At(0);
        if (classes == 1)
            return top;

        var other = row.At(1);
        var second = other > top ? top : other;
        top = other > top ? other : top;
        for (var k = 2; k < classes; k++)
        {
            var p = row.At(k);
            second = p > top ? top : p > second ? p : second;
            top = p > top ? p : top;
        }

        return Deterministic.Sub(top, second);
    }

    /// <summary>How many classes come before the label: 0 when it is the arg max. 0 ≤ label &lt; classes.</summary>
    public static int RankOfLabel<TRow>(TRow row, int classes, int label)
        where TRow : struct, IRow
    {
        var own = row.At(label);
        var rank = 0;
        for (var k = 0; k < classes; k++)
        {
            var p = row.At(k);
            rank += p > own || (p == own && k < label) ? 1 : 0;
        }

        return rank;
    }
}
