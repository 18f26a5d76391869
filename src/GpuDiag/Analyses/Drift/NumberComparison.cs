using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Two multisets of numbers side by side, cell by cell of the finer grid that both can be put on: a cell is one value while
/// both sides tell all values apart. All figures are taken from counts in ascending order, so they are the same everywhere.
/// </summary>
internal sealed class NumberComparison
{
    /// <summary>Stands for a share of 0 in the population stability index, whose logarithm has none.</summary>
    public const double LeastShare = 1e-4;

    private const int Deciles = 10;

    private readonly List<(double Low, double High, long Reference, long Current)> cells = [];
    private readonly double n, m;
    private readonly long referenceCount, currentCount;

    /// <param name="reference">With values.</param>
    /// <param name="current">With values.</param>
    public NumberComparison(KeyHistogram reference, KeyHistogram current)
    {
        int bits = Math.Min(reference.Bits, current.Bits);
        KeyHistogram a = reference.Bits == bits ? reference : reference.Shortened(bits), b = current.Bits == bits ? current : current.Shortened(bits);
        (referenceCount, currentCount, n, m) = (a.Count, b.Count, a.Count, b.Count);
        IsExact = bits == 64;
        int left = a.Distinct, right = b.Distinct;
        for (int i = 0, j = 0; i < left || j < right;)
        {
            bool mine = j == right || (i < left && a.Key(i) <= b.Key(j)), theirs = i == left || (j < right && b.Key(j) <= a.Key(i));
            (double low, double high, long count) = mine ? a.Cell(i) : b.Cell(j);
            cells.Add((low, high, mine ? count : 0, mine && theirs ? b.Cell(j).Count : theirs ? count : 0));
            i += mine ? 1 : 0;
            j += theirs ? 1 : 0;
        }

        (Statistic, KsBound) = Ks();
        Ksd = (double)Statistic / n / m;
        PValue = KolmogorovSmirnov.PValue(Statistic, referenceCount, currentCount);
        (Wasserstein, WassersteinBound) = W1();
        Reference = Summary(reference, true);
        Current = Summary(current, false);
        double scale = Reference.Sd > 0 ? Reference.Sd : PooledSd();
        Scaled = Wasserstein == 0 ? 0 : Wasserstein / scale;
        Effect = Math.Max(Ksd, double.IsFinite(Scaled) ? Scaled : 0);
        Bins();
    }

    /// <summary>Every value is told apart, so that no figure has an error but rounding.</summary>
    public bool IsExact { get; }

    /// <summary>max |m·i − n·j|: the KS statistic times n·m, as a whole number.</summary>
    public Int128 Statistic { get; }

    /// <summary>The Kolmogorov–Smirnov statistic; with coarse cells the least that the values allow.</summary>
    public double Ksd { get; }

    /// <summary>By how much it may be greater.</summary>
    public double KsBound { get; }

    public double PValue { get; }

    /// <summary>∫ |F − G|: the distance W1 in the column's own units.</summary>
    public double Wasserstein { get; }

    /// <summary>Its greatest error.</summary>
    public double WassersteinBound { get; }

    /// <summary>W1 over the reference's standard deviation; where that is 0, over that of both together.</summary>
    public double Scaled { get; }

    public double Effect { get; }

    /// <summary>Upper edges of the reference's deciles, equal ones once; the last bin is open.</summary>
    public List<double> Edges { get; } = [];

    public double StabilityIndex { get; private set; }

    public double JensenShannon { get; private set; }

    public List<ShareChange> Shares { get; } = [];

    public NumberSummary Reference { get; }

    public NumberSummary Current { get; }

    private static double Middle(double low, double high) => low == high ? low : low + ((high - low) / 2);

    private (Int128 Greatest, double Bound) Ks()
    {
        Int128 greatest = 0;
        long i = 0, j = 0;
        double most = 0, before = 0;
        foreach ((_, _, long a, long b) in cells)
        {
            i += a;
            j += b;
            Int128 difference = ((Int128)i * currentCount) - ((Int128)j * referenceCount);
            greatest = Int128.Max(greatest, Int128.Abs(difference));
            double after = (double)difference / n / m;
            // Within the cell all of one side's rows may come before the other's.
            double up = Math.Min(before + (a / n), after + (b / m)), down = Math.Max(before - (b / m), after - (a / n));
            most = Math.Max(most, Math.Max(up, -down));
            before = after;
        }

        return (greatest, IsExact ? 0 : Math.Max(0, most - ((double)greatest / n / m)));
    }

    private (double Distance, double Bound) W1()
    {
        double distance = 0, bound = 0, last = 0;
        long i = 0, j = 0;
        foreach ((double low, double high, long a, long b) in cells)
        {
            double at = Middle(low, high);
            if (i + j > 0)
            {
                distance += Math.Abs((double)(((Int128)i * currentCount) - ((Int128)j * referenceCount)) / n / m) * (at - last);
            }

            bound += ((a / n) + (b / m)) * ((high - low) / 2);
            (last, i, j) = (at, i + a, j + b);
        }

        return (distance, bound);
    }

    private NumberSummary Summary(KeyHistogram values, bool isReference)
    {
        double count = isReference ? n : m, mean = 0, squares = 0;
        foreach ((double low, double high, long a, long b) in cells)
        {
            mean += Middle(low, high) * ((isReference ? a : b) / count);
        }

        foreach ((double low, double high, long a, long b) in cells)
        {
            double apart = Middle(low, high) - mean;
            squares += apart * apart * ((isReference ? a : b) / count);
        }

        return new NumberSummary(mean, Math.Sqrt(squares), values.Quantile(0), values.Quantile(0.25), values.Quantile(0.5), values.Quantile(0.75), values.Quantile(1));
    }

    private double PooledSd()
    {
        double share = n / (n + m), apart = Reference.Mean - Current.Mean;
        return Math.Sqrt((share * Reference.Sd * Reference.Sd) + ((1 - share) * Current.Sd * Current.Sd) + (share * (1 - share) * apart * apart));
    }

    /// <summary>A bin ends with the cell in which the reference's next tenth is reached.</summary>
    private void Bins()
    {
        List<(long Reference, long Current)> bins = [(0, 0)];
        long seen = 0;
        for (int c = 0; c < cells.Count; c++)
        {
            (_, double high, long a, long b) = cells[c];
            long tenth = (long)((Int128)seen * Deciles / referenceCount), next = (long)((Int128)(seen + a) * Deciles / referenceCount);
            seen += a;
            bins[^1] = (bins[^1].Reference + a, bins[^1].Current + b);
            if (next > tenth && seen < referenceCount)
            {
                Edges.Add(high);
                bins.Add((0, 0));
            }
        }

        double jensen = 0;
        for (int i = 0; i < bins.Count; i++)
        {
            double p = bins[i].Reference / n, q = bins[i].Current / m;
            StabilityIndex += Divergence.StabilityTerm(p, q);
            jensen += Divergence.JensenTerm(p, q);
            Shares.Add(new ShareChange(QuantileBins.OpenText(Edges, i), p, q));
        }

        JensenShannon = Divergence.Distance(jensen);
    }
}
