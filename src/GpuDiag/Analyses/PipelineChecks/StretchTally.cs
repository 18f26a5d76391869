using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>The labels of some rows, and how many of each are right; rows without a label or a prediction are left out.</summary>
internal sealed class StretchTally
{
    private readonly Dictionary<int, (long Rows, long Correct)> labels = [];

    public long Rows { get; private set; }

    public long Correct { get; private set; }

    public double Accuracy => Rows == 0 ? 0 : (double)Correct / Rows;

    /// <summary>The rows [from, to) of the dataset, as far as they are held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static StretchTally Of(RowSequence rows, long from, long to)
    {
        int start = rows.FirstFrom(from), end = rows.FirstFrom(to);
        ReadOnlySpan<int> labels = rows.Labels[start..end], predictions = rows.Predictions[start..end];
        int[] counts = new int[rows.Codes], right = new int[rows.Codes];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i], prediction = predictions[i];
            counts[label] += prediction != Domain.Null ? 1 : 0;
            right[label] += label == prediction ? 1 : 0;
        }

        StretchTally tally = new();
        for (int label = 1; label < counts.Length; label++)
        {
            if (counts[label] > 0)
            {
                tally.Add(label, counts[label], right[label]);
            }
        }

        return tally;
    }

    public static StretchTally Without(StretchTally total, StretchTally part)
    {
        StretchTally rest = new();
        foreach ((int label, (long rows, long correct)) in total.labels)
        {
            (long Rows, long Correct) mine = part.labels.GetValueOrDefault(label);
            rest.Add(label, rows - mine.Rows, correct - mine.Correct);
        }

        return rest;
    }

    /// <summary>
    /// How far the accuracy lies below that of the other rows on the same mix of labels. A label that no other row has is
    /// expected as right as it is.
    /// </summary>
    public double Gap(StretchTally total)
    {
        // By label in ascending order of its count and hits: the sum must not depend on codes.
        double expected = labels
            .Select(l => (Mine: l.Value, All: total.labels[l.Key]))
            .OrderBy(l => l)
            .Sum(l => l.All.Rows == l.Mine.Rows ? l.Mine.Correct : (double)l.Mine.Rows * (l.All.Correct - l.Mine.Correct) / (l.All.Rows - l.Mine.Rows));
        return Rows == 0 ? 0 : (expected - Correct) / Rows;
    }

    /// <summary>The share of labels that would have to change to have the mix of the other rows: total variation distance.</summary>
    public double Mix(StretchTally total)
    {
        double others = total.Rows - Rows;
        return total.labels
            .Select(l => (Mine: labels.GetValueOrDefault(l.Key).Rows, All: l.Value.Rows))
            .OrderBy(l => l)
            .Sum(l => Math.Max(0, ((double)l.Mine / Rows) - ((l.All - l.Mine) / others)));
    }

    /// <summary>The least two-sided p-value over labels of having so many or so few rows of one; before correction.</summary>
    public double LeastLabelP(StretchTally total)
    {
        double least = 1;
        foreach ((int label, (long rows, _)) in total.labels)
        {
            long mine = labels.GetValueOrDefault(label).Rows;
            double few = Hypergeometric.Cdf(mine, rows, total.Rows - rows, Rows);
            double many = Hypergeometric.Cdf(Rows - mine, total.Rows - rows, rows, Rows);
            least = Math.Min(least, 2 * Math.Min(few, many));
        }

        return least;
    }

    private void Add(int label, long rows, long correct)
    {
        (long Rows, long Correct) mine = labels.GetValueOrDefault(label);
        labels[label] = (mine.Rows + rows, mine.Correct + correct);
        Rows += rows;
        Correct += correct;
    }
}
