namespace GpuDiag.Analyses.Drift;

/// <summary>Two sets of counts by value side by side, values in ordinal order.</summary>
internal sealed class CategoryComparison
{
    /// <summary>Expected rows below which a value is pooled with other rare ones for the test (Cochran's rule).</summary>
    private const double LeastExpected = 5;

    private const int MostShown = 10;

    /// <param name="reference">Counts above 0, at least one.</param>
    /// <param name="current">Likewise.</param>
    public CategoryComparison(IReadOnlyDictionary<string, long> reference, IReadOnlyDictionary<string, long> current)
    {
        string[] values = [.. reference.Keys.Union(current.Keys).Order(StringComparer.Ordinal)];
        (long A, long B)[] counts = [.. values.Select(v => (reference.GetValueOrDefault(v), current.GetValueOrDefault(v)))];
        long n = counts.Sum(c => c.A), m = counts.Sum(c => c.B);
        Values = values.Length;
        double jensen = 0;
        foreach ((long a, long b) in counts)
        {
            jensen += Divergence.JensenTerm((double)a / n, (double)b / m);
            StabilityIndex += Divergence.StabilityTerm((double)a / n, (double)b / m);
        }

        JensenShannon = Divergence.Distance(jensen);
        (ChiSquared, Degrees, Pooled, PValue) = Test(counts, n, m);
        CramersV = Math.Sqrt(ChiSquared / (n + (double)m));
        OneSided = new OneSided(
            counts.Count(c => c.A == 0), (double)counts.Where(c => c.A == 0).Sum(c => c.B) / m,
            counts.Count(c => c.B == 0), (double)counts.Where(c => c.B == 0).Sum(c => c.A) / n);
        Shares = [.. values.Zip(counts, (v, c) => new ShareChange(v, (double)c.A / n, (double)c.B / m))
            .OrderByDescending(s => Math.Abs(s.Current - s.Reference)).ThenBy(s => s.Value, StringComparer.Ordinal).Take(MostShown)];
    }

    /// <summary>Values on either side.</summary>
    public int Values { get; }

    /// <summary>Pearson's χ² of the table side × value, rare values pooled.</summary>
    public double ChiSquared { get; }

    public int Degrees { get; }

    /// <summary>Values that were pooled; 0 or at least 2.</summary>
    public int Pooled { get; }

    public double PValue { get; }

    /// <summary>√(χ²/N): of a table with two rows.</summary>
    public double CramersV { get; }

    public double JensenShannon { get; }

    public double StabilityIndex { get; }

    public OneSided OneSided { get; }

    /// <summary>The values whose shares differ most.</summary>
    public IReadOnlyList<ShareChange> Shares { get; }

    /// <summary>
    /// Values with fewer than 5 rows expected on a side are one cell; where that has too few as well, the rarest other value
    /// joins it. Nothing left to compare: p = 1.
    /// </summary>
    private static (double ChiSquared, int Degrees, int Pooled, double PValue) Test((long A, long B)[] counts, long n, long m)
    {
        double smaller = (double)Math.Min(n, m) / (n + (double)m);
        (long A, long B)[] byRows = [.. counts.OrderBy(c => c.A + c.B)];
        List<(long A, long B)> cells = [];
        (long A, long B) rare = (0, 0);
        int pooled = 0;
        foreach ((long a, long b) in byRows)
        {
            if ((a + b) * smaller < LeastExpected || (pooled > 0 && (rare.A + rare.B) * smaller < LeastExpected))
            {
                rare = (rare.A + a, rare.B + b);
                pooled++;
            }
            else
            {
                cells.Add((a, b));
            }
        }

        if (pooled > 0)
        {
            cells.Add(rare);
        }

        double chi = 0;
        foreach ((long a, long b) in cells)
        {
            double all = a + b, expectedA = all * (n / (n + (double)m)), expectedB = all * (m / (n + (double)m));
            chi += ((a - expectedA) * (a - expectedA) / expectedA) + ((b - expectedB) * (b - expectedB) / expectedB);
        }

        int degrees = cells.Count - 1;
        return (chi, degrees, pooled > 1 ? pooled : 0, degrees == 0 ? 1 : Kernels.Algebra.ChiSquared.Sf(chi, degrees));
    }
}
