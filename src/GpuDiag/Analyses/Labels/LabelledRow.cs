using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// A row of probabilities with a label that has a column: what filters ask of it. One instance per thread, moved from row to
/// row of a batch. Most rows are asked for little, so everything is computed when it is asked for.
/// </summary>
/// <param name="classCodes">Class code of each column.</param>
/// <param name="score">Which quality rows are described with.</param>
internal sealed unsafe class LabelledRow(int[] classCodes, LabelScore score)
{
    private MatrixColumn matrix = null!;
    private CodeColumn? prediction;
    private NumberColumn? confidence;
    private float* floats;
    private double* doubles;
    private long firstRow;
    private int row;

    /// <summary>Column of the label.</summary>
    public int Label { get; private set; }

    /// <summary>The probability of a column, taken into [0, 1].</summary>
    public double this[int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Confident.Clip(floats != null ? floats[column] : doubles[column]);
    }

    /// <summary>Turns to another batch.</summary>
    /// <param name="first">Number of its first row.</param>
    /// <param name="probabilities">One column per class.</param>
    /// <param name="predictions">Null: the arg max.</param>
    /// <param name="confidences">Null: the largest probability.</param>
    public void Take(long first, MatrixColumn probabilities, CodeColumn? predictions, NumberColumn? confidences) =>
        (firstRow, matrix, prediction, confidence) = (first, probabilities, predictions, confidences);

    /// <summary>Turns to a row of the batch, with the column of its label.</summary>
    public void MoveTo(int rowInBatch, int label)
    {
        (row, Label) = (rowInBatch, label);
        nint start = (nint)rowInBatch * classCodes.Length;
        floats = matrix.IsDouble ? null : (float*)matrix.Pointer + start;
        doubles = matrix.IsDouble ? (double*)matrix.Pointer + start : null;
    }

    /// <summary>The largest probability of another column than the label's, taken into [0, 1]; 0 when there is none.</summary>
    public double Other()
    {
        double other = 0;
        for (int k = 0; k < classCodes.Length; k++)
        {
            other = k != Label && this[k] > other ? this[k] : other;
        }

        return other;
    }

    /// <summary>The column that the row is confidently of, or <see cref="Confident.None"/>.</summary>
    public int Guess(double[] least)
    {
        int count = 0, only = -1;
        for (int k = 0; k < least.Length; k++)
        {
            bool reached = Stored(k) >= least[k];
            count += reached ? 1 : 0;
            only = reached ? k : only;
        }

        return Confident.Guess(count, only, Largest(-1));
    }

    /// <summary>See <see cref="Confident.IsDisputed"/>.</summary>
    public bool IsDisputed()
    {
        int best = Largest(-1);
        return Confident.IsDisputed(Stored(Label), Stored(best), best, Label);
    }

    /// <summary>The row as reports show it; false where it is not valid and so is no issue.</summary>
    public bool TryDescribe(out IssueRow described)
    {
        described = default;
        for (int k = 0; k < classCodes.Length; k++)
        {
            if (!RowRule.IsValid(Stored(k)))
            {
                return false;
            }
        }

        int best = Largest(-1), suggested = classCodes.Length == 1 ? Label : Largest(Label);
        double own = Stored(Label), entropy = score == LabelScore.ConfidenceWeightedEntropy ? Entropy() : 0;
        described = new IssueRow(
            firstRow + row,
            classCodes[Label],
            prediction is null ? classCodes[best] : prediction[row],
            classCodes[suggested],
            Confident.IsDisputed(own, Stored(best), best, Label),
            confidence is null ? Stored(best) : confidence[row],
            LogLoss.Of(own),
            LabelQuality.Of(score, own, Other(), entropy, classCodes.Length));
        return true;
    }

    private double Stored(int column) => floats != null ? floats[column] : doubles[column];

    /// <summary>The column of the largest probability, the lowest on ties, one of them left out.</summary>
    private int Largest(int without)
    {
        int best = without == 0 ? 1 : 0;
        for (int k = best + 1; k < classCodes.Length; k++)
        {
            best = k != without && Stored(k) > Stored(best) ? k : best;
        }

        return best;
    }

    private double Entropy() => floats != null
        ? RowSum.Of<FloatRow, Entropy>(new FloatRow(floats), classCodes.Length, Label)
        : RowSum.Of<DoubleRow, Entropy>(new DoubleRow(doubles), classCodes.Length, Label);
}
