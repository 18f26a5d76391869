namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// q-values that control the false discovery rate over a family of independent or positively dependent tests
/// (Benjamini and Hochberg, 1995). Host only.
/// </summary>
public static class BenjaminiHochberg
{
    /// <summary>
    /// The q-value of each p-value, in the same places: min over p_j ≥ p_i of p_j·m / rank_j, at most 1. Equal p-values
    /// get equal q-values, so the order of the tests does not matter. NaN is no test: it stays NaN and is not counted in m.
    /// </summary>
    /// <param name="p">The p-values.</param>
    /// <param name="further">Further tests of the family, each with p = 1.</param>
    public static double[] QValues(ReadOnlySpan<double> p, long further = 0)
    {
        var order = new int[p.Length];
        var keys = p.ToArray();
        var tests = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            order[i] = i;
            tests += double.IsNaN(keys[i]) ? 0 : 1;
        }

        Array.Sort(keys, order); // NaN sorts first

        var q = new double[p.Length];
        var least = 1.0;
        var untested = p.Length - tests;
        for (var i = p.Length - 1; i >= untested; i--)
        {
            least = Math.Min(least, keys[i] * (tests + further) / (i - untested + 1));
            q[order[i]] = least;
        }

        for (var i = 0; i < untested; i++)
            q[order[i]] = double.NaN;
        return q;
    }
}
