using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>The labels of some rows, and how many of each are right; rows without a label or a prediction are left out.</summary>
internal sealed class StretchTally
{
    /// <summary>Rows, and right ones, by the label's code.</summary>
    private readonly long[] rows, correct;

    private StretchTally(long[] rows, long[] correct)
    {
        (this.rows, this.correct) = (rows, correct);
        for (int label = 0; label < rows.Length; label++)
        {
            Rows += rows[label];
            Correct += correct[label];
        }
    }

    public long Rows { get; }

    public long Correct { get; }

    public double Accuracy => Rows == 0 ? 0 : (double)Correct / Rows;

    /// <summary>The rows [from, to) of the dataset, as far as they are held.</summary>
    public static StretchTally Of(RowSequence sequence, long from, long to)
    {
        int start = sequence.FirstFrom(from), end = sequence.FirstFrom(to);
        ReadOnlySpan<int> labels = sequence.Labels[start..end], predictions = sequence.Predictions[start..end];
        long[] rows = new long[sequence.Codes], correct = new long[sequence.Codes];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i], prediction = predictions[i];
            rows[label] += prediction != Domain.Null ? 1 : 0;
            correct[label] += label == prediction ? 1 : 0;
        }

        (rows[Domain.Null], correct[Domain.Null]) = (0, 0);
        return new StretchTally(rows, correct);
    }

    public static StretchTally Without(StretchTally total, StretchTally part)
    {
        long[] rows = new long[total.rows.Length], correct = new long[total.rows.Length];
        for (int label = 0; label < rows.Length; label++)
        {
            rows[label] = total.rows[label] - part.rows[label];
            correct[label] = total.correct[label] - part.correct[label];
        }

        return new StretchTally(rows, correct);
    }

    /// <summary>
    /// How far the accuracy lies below that of the other rows on the same mix of labels. A label that no other row has is
    /// expected as right as it is.
    /// </summary>
    public double Gap(StretchTally total)
    {
        double expected = 0;
        foreach (Label label in Labels(total, (a, b) => a.Rows != b.Rows ? a.Rows.CompareTo(b.Rows)
            : a.Correct != b.Correct ? a.Correct.CompareTo(b.Correct)
            : a.AllRows != b.AllRows ? a.AllRows.CompareTo(b.AllRows)
            : a.AllCorrect.CompareTo(b.AllCorrect)))
        {
            expected += label.AllRows == label.Rows ? label.Correct : (double)label.Rows * (label.AllCorrect - label.Correct) / (label.AllRows - label.Rows);
        }

        return Rows == 0 ? 0 : (expected - Correct) / Rows;
    }

    /// <summary>The share of labels that would have to change to have the mix of the other rows: total variation distance.</summary>
    public double Mix(StretchTally total)
    {
        double others = total.Rows - Rows, sum = 0;
        foreach (Label label in Labels(total, (a, b) => a.Rows != b.Rows ? a.Rows.CompareTo(b.Rows) : a.AllRows.CompareTo(b.AllRows)))
        {
            sum += Math.Max(0, ((double)label.Rows / Rows) - ((label.AllRows - label.Rows) / others));
        }

        return sum;
    }

    /// <summary>The least two-sided p-value over labels of having so many or so few rows of one; before correction.</summary>
    public double LeastLabelP(StretchTally total)
    {
        double least = 1;
        for (int label = 0; label < rows.Length; label++)
        {
            long all = total.rows[label], mine = rows[label];
            if (all > 0)
            {
                double few = Hypergeometric.Cdf(mine, all, total.Rows - all, Rows);
                double many = Hypergeometric.Cdf(Rows - mine, total.Rows - all, all, Rows);
                least = Math.Min(least, 2 * Math.Min(few, many));
            }
        }

        return least;
    }

    /// <summary>The labels that any row has, in an order of their counts: what is summed over them must not depend on codes.</summary>
    private List<Label> Labels(StretchTally total, Comparison<Label> order)
    {
        List<Label> labels = [];
        for (int label = 0; label < rows.Length; label++)
        {
            if (total.rows[label] > 0)
            {
                labels.Add(new Label(rows[label], correct[label], total.rows[label], total.correct[label]));
            }
        }

        labels.Sort(order);
        return labels;
    }

    private sealed record Label(long Rows, long Correct, long AllRows, long AllCorrect);
}
