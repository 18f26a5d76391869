using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// Noise rates from a joint, with 95 % intervals. Overall and per true class: the row bootstrap as multinomials over the cells
/// of the confident joint and each label's rows that are confidently of none; with more cells than that is worth, the delta
/// method overall and no interval per true class. Per given label the rate is a proportion: Wilson. docs/labels.md.
/// </summary>
internal sealed class NoiseRates
{
    /// <summary>Cells up to which the bootstrap is drawn: a million binomials, a tenth of a second or two.</summary>
    private const int MostBootstrapCells = 1024;

    private readonly JointEstimate joint;
    private readonly long[] counts;
    private readonly int cells;

    private NoiseRates(JointEstimate joint)
    {
        this.joint = joint;
        cells = joint.Cells.Length;
        counts = [.. joint.Cells.Select(Observed), .. Enumerable.Range(0, joint.Classes).Select(None)];
    }

    /// <summary>The share of rows whose label is wrong; undefined when no row is confidently of a class.</summary>
    public Estimate Overall { get; private set; }

    /// <summary>Per label, the share of its rows that are truly of another class.</summary>
    public Estimate[] Given { get; private set; } = [];

    /// <summary>Per class, the share of the rows truly of it that have another label.</summary>
    public Estimate[] True { get; private set; } = [];

    /// <param name="seed">Keys the bootstrap.</param>
    public static NoiseRates Of(JointEstimate joint, ulong seed, int threads)
    {
        NoiseRates rates = new(joint);
        double[] value = new double[1 + joint.Classes];
        rates.Compute(rates.counts, value);
        rates.Given = [.. Enumerable.Range(0, joint.Classes).Select(rates.OfLabel)];
        bool any = rates.counts.AsSpan(0, rates.cells).IndexOfAnyExcept(0) >= 0;
        if (rates.counts.Length <= MostBootstrapCells)
        {
            rates.Bootstrap(value, any, seed, threads);
        }
        else
        {
            rates.Overall = Intervals.Normal(any ? value[0] : double.NaN, rates.StandardError(), 0, 1);
            rates.True = [.. value.Skip(1).Select(v => double.IsNaN(v) ? Estimate.Undefined : new Estimate(v))];
        }

        return rates;
    }

    /// <summary>Rows seen in a cell: a diagonal of 0 was raised to 1.</summary>
    private long Observed(JointCell cell) => cell.Given == cell.True && cell.Count == 1 && joint.IsRaised(cell.Given) ? 0 : cell.Count;

    private long None(int given) => joint.Labelled[given] - joint.Counted[given] + (joint.IsRaised(given) ? 1 : 0);

    private Estimate OfLabel(int given)
    {
        long off = joint.Counted[given] - Diagonal(given);
        return joint.Labelled[given] == 0 || (off == 0 && joint.IsRaised(given)) ? Estimate.Undefined : Intervals.Proportion(off, joint.Counted[given]);
    }

    private long Diagonal(int given)
    {
        foreach (JointCell cell in joint.Row(given))
        {
            if (cell.True == given)
            {
                return cell.Count;
            }
        }

        return 0;
    }

    private void Bootstrap(double[] value, bool any, ulong seed, int threads)
    {
        const int Replicates = ConfusionBootstrap.Replicates;
        int statistics = value.Length;
        double[] values = new double[statistics * Replicates];
        ulong key = Philox4x32.At(seed, ConfusionBootstrap.Stream("label noise"), 0).First;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t =>
        {
            long[] drawn = new long[counts.Length];
            double[] one = new double[statistics];
            for (int r = t; r < Replicates; r += threads)
            {
                Multinomial.Draw(counts, joint.Rows, key, (ulong)r, drawn);
                Compute(drawn, one);
                for (int g = 0; g < statistics; g++)
                {
                    values[(g * Replicates) + r] = one[g];
                }
            }
        });
        Estimate[] estimates = new Estimate[statistics];
        for (int g = 0; g < statistics; g++)
        {
            Span<double> replicates = values.AsSpan(g * Replicates, Replicates);
            replicates.Sort();
            replicates = replicates[(replicates.LastIndexOf(double.NaN) + 1)..];
            estimates[g] = double.IsNaN(value[g]) ? Estimate.Undefined
                : replicates.IsEmpty ? new Estimate(value[g])
                : new Estimate(value[g], Percentile.OfSorted(replicates, 0.025), Percentile.OfSorted(replicates, 0.975));
        }

        // Nothing was seen to be wrong: resampling sees nothing either.
        Overall = !any ? Estimate.Undefined : value[0] > 0 ? estimates[0] : Intervals.Proportion(0, counts[..cells].Sum());
        True = estimates[1..];
    }

    /// <summary>The overall rate, then per true class, of one table of counts; NaN where undefined.</summary>
    private void Compute(long[] table, Span<double> rates)
    {
        Span<double> right = new double[joint.Classes], all = new double[joint.Classes];
        double wrong = 0;
        long rows = 0;
        for (int k = 0, at = 0; k < joint.Classes; k++)
        {
            int end = at + joint.Row(k).Length;
            long counted = 0, diagonal = 0;
            for (int i = at; i < end; i++)
            {
                counted += table[i];
                diagonal = joint.Cells[i].True == k ? table[i] : diagonal;
            }

            long labelled = counted + table[cells + k];
            counted += diagonal == 0 ? 1 : 0;
            diagonal = Math.Max(diagonal, 1);
            double weight = (double)labelled / counted;
            rows += labelled;
            wrong += weight * (counted - diagonal);
            for (int i = at; i < end; i++)
            {
                bool isRight = joint.Cells[i].True == k;
                double share = weight * (isRight ? diagonal : table[i]);
                all[joint.Cells[i].True] += share;
                right[k] += isRight ? share : 0;
            }

            at = end;
        }

        rates[0] = rows == 0 ? double.NaN : wrong / rows;
        for (int j = 0; j < joint.Classes; j++)
        {
            rates[1 + j] = all[j] > 0 ? (all[j] - right[j]) / all[j] : double.NaN;
        }
    }

    /// <summary>
    /// Of the overall rate Σ w·r, w a label's share of the rows and r its rate among confident rows: the labels' shares are
    /// multinomial, and each rate is a proportion of its confident rows.
    /// </summary>
    private double StandardError()
    {
        double mean = 0, square = 0, within = 0;
        for (int k = 0; k < joint.Classes; k++)
        {
            double w = (double)joint.Labelled[k] / joint.Rows, r = (double)(joint.Counted[k] - Diagonal(k)) / joint.Counted[k];
            mean += w * r;
            square += w * r * r;
            within += w * w * r * (1 - r) / joint.Counted[k];
        }

        return Math.Sqrt(Math.Max(0, ((square - (mean * mean)) / joint.Rows) + within));
    }
}
