using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Scores the probabilities of both models, where both have them: log-loss and Brier score of each row, and for ranking the
/// scores of positive rows. One instance per thread.
/// </summary>
internal sealed class ScorePairs : IDisposable
{
    private readonly RowColumns before;
    private readonly AfterRows after;
    private readonly IFold<ScoreBatch, ScoreState> fold;
    private readonly RowScores scores;
    private readonly MatrixColumn matrix = new();
    private readonly int[] beforeCodes, afterCodes, ranked;
    private readonly Domain classes;
    private int[] beforeIndex = [], afterIndex = [];

    public ScorePairs(CompareSide beforeSide, CompareSide afterSide, RowColumns before, IReadOnlyList<Domain> segments, int[] ranked, AfterRows after, int capacity)
    {
        (this.before, this.after) = (before, after);
        classes = beforeSide.Rows.Columns.Classes;
        (beforeCodes, afterCodes) = (beforeSide.Rows.ClassCodes, afterSide.Rows.ClassCodes);
        fold = beforeSide.Rows.Backend.ScoreRows(new ScorePlan(classes, afterCodes, []));
        scores = new RowScores(capacity);
        Sums = [new(null), .. segments.Select(s => new PairedSums(s))];
        this.ranked = ranked;
        Positives = RankPairs.NewPositives(beforeSide, afterSide, ranked);
    }

    /// <summary>Of all rows, then per segmentation.</summary>
    public PairedSums[] Sums { get; }

    /// <summary>The scores that rows give their own class, as <see cref="RankPairs.NewPositives"/> has them.</summary>
    public Positives[] Positives { get; }

    /// <param name="batch">The rows; their labels are settled.</param>
    /// <param name="segments">Their codes of each segmentation.</param>
    /// <param name="labels">0 for a row that is left out. Where a model gives it no valid probabilities, it becomes negative.</param>
    public void Accept(Batch batch, ReadOnlySpan<CodeColumn> segments, Span<int> labels)
    {
        after.Borrow(matrix, batch.FirstRow);
        fold.Accept(new ScoreBatch(batch.Rows, matrix, before.Label, [], scores));
        if (beforeIndex.Length < classes.Count)
        {
            (beforeIndex, afterIndex) = (Index(beforeCodes), Index(afterCodes));
        }

        ReadOnlySpan<double> left = before.Scores!.Loss, right = scores.Loss;
        for (int i = 0; i < batch.Rows; i++)
        {
            if (labels[i] == Domain.Null)
            {
                continue;
            }

            if (double.IsNaN(left[i]) || double.IsNaN(right[i]))
            {
                labels[i] = -labels[i];
                continue;
            }

            int k = beforeIndex[labels[i]], l = afterIndex[labels[i]];
            Positives[0].Add(0, k, before.Scores.LabelProbability[i]);
            Positives[1].Add(0, l, scores.LabelProbability[i]);
            for (int r = 0; r < ranked.Length; r++)
            {
                int segment = segments[ranked[r]][i];
                Positives[2 + (2 * r)].Add(segment, k, before.Scores.LabelProbability[i]);
                Positives[3 + (2 * r)].Add(segment, l, scores.LabelProbability[i]);
            }

            double brierBefore = Brier(before.Probabilities!, i, k), brierAfter = Brier(matrix, i, l);
            Sums[0].Add(0, left[i], right[i], brierBefore, brierAfter);
            for (int s = 1; s < Sums.Length; s++)
            {
                Sums[s].Add(segments[s - 1][i], left[i], right[i], brierBefore, brierAfter);
            }
        }
    }

    public void Dispose()
    {
        fold.Dispose();
        scores.Dispose();
        matrix.Dispose();
    }

    private static unsafe double Brier(MatrixColumn rows, int row, int label)
    {
        nint start = (nint)row * rows.Width;
        return rows.IsDouble
            ? RowSum.OfVector<DoubleRow, Brier>(new DoubleRow((double*)rows.Pointer + start), rows.Width, label)
            : RowSum.OfVector<FloatRow, Brier>(new FloatRow((float*)rows.Pointer + start), rows.Width, label);
    }

    private int[] Index(int[] codes)
    {
        int[] index = new int[classes.Count];
        Array.Fill(index, -1);
        for (int k = 0; k < codes.Length; k++)
        {
            index[codes[k]] = k;
        }

        return index;
    }
}
