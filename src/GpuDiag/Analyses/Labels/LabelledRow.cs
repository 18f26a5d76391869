using GpuDiag.Columns;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// A row of probabilities with a label that has a column: what filters ask of it. One instance per thread, moved from row to
/// row of a batch. Most rows are asked for little, so everything is computed when it is asked for, and what all ask for once.
/// </summary>
/// <param name="classCodes">Class code of each column.</param>
/// <param name="score">Which quality rows are described with.</param>
/// <param name="allValid">An earlier pass found all probabilities of all rows valid: rows need not be read whole to know it.</param>
internal sealed unsafe class LabelledRow(int[] classCodes, LabelScore score, bool allValid)
{
    private MatrixColumn matrix = null!;
    private CodeColumn? prediction;
    private NumberColumn? confidence;
    private ProbabilityRow probabilities;
    private long firstRow;
    private int row, largest;
    private bool? valid;

    /// <summary>Column of the label.</summary>
    public int Label { get; private set; }

    /// <summary>Probability columns, K.</summary>
    public int Classes => classCodes.Length;

    /// <summary>Whether all probabilities of the row are valid. Only then is it judged; the other members say nothing of others.</summary>
    public bool IsValid => allValid || (valid ??= probabilities.IsValid());

    /// <summary>The probability of a column, taken into [0, 1].</summary>
    public double this[int column] => Confident.Clip(probabilities[column]);

    /// <summary>Turns to another batch.</summary>
    /// <param name="first">Number of its first row.</param>
    /// <param name="matrices">One column per class.</param>
    /// <param name="predictions">Null: the arg max.</param>
    /// <param name="confidences">Null: the largest probability.</param>
    public void Take(long first, MatrixColumn matrices, CodeColumn? predictions, NumberColumn? confidences) =>
        (firstRow, matrix, prediction, confidence) = (first, matrices, predictions, confidences);

    /// <summary>Turns to a row of the batch, with the column of its label.</summary>
    public void MoveTo(int rowInBatch, int label)
    {
        (row, Label, valid, largest) = (rowInBatch, label, null, -1);
        probabilities = At(rowInBatch);
    }

    /// <summary>Fetches of a row of the batch what <see cref="Within"/> will ask for soon.</summary>
    public void Fetch(int rowInBatch, int label, ColumnLimits limits) => limits.Fetch(At(rowInBatch), label);

    /// <summary>The largest probability of another column than the label's, taken into [0, 1]; 0 when there is none.</summary>
    public double Other() => classCodes.Length == 1 ? 0 : this[Suggested()];

    /// <summary>The column that the row is confidently of, or <see cref="Confident.None"/>.</summary>
    public int Guess(double[] least) => probabilities.Guess(least);

    /// <summary>The entries of limited columns whose margin may be within the limit; see <see cref="ColumnLimits.Within"/>.</summary>
    public int Within(ColumnLimits limits, Span<int> entries) => limits.Within(probabilities, this[Label], entries);

    /// <summary>See <see cref="Confident.IsDisputed"/>.</summary>
    public bool IsDisputed() => Confident.IsDisputed(probabilities[Label], probabilities[Largest()], Largest(), Label);

    /// <summary>The row as reports show it.</summary>
    public IssueRow Describe()
    {
        double own = probabilities[Label], top = probabilities[Largest()];
        double entropy = score == LabelScore.ConfidenceWeightedEntropy ? Entropy() : 0;
        return new IssueRow(
            firstRow + row,
            classCodes[Label],
            prediction is null ? classCodes[Largest()] : prediction[row],
            classCodes[Suggested()],
            IsDisputed(),
            confidence is null ? top : confidence[row],
            LogLoss.Of(own),
            LabelQuality.Of(score, own, Other(), entropy, classCodes.Length));
    }

    private ProbabilityRow At(int rowInBatch)
    {
        nint start = (nint)rowInBatch * classCodes.Length;
        return matrix.IsDouble
            ? new ProbabilityRow(null, (double*)matrix.Pointer + start, classCodes.Length)
            : new ProbabilityRow((float*)matrix.Pointer + start, null, classCodes.Length);
    }

    private int Largest() => largest >= 0 ? largest : largest = probabilities.Largest();

    /// <summary>The column of the largest probability that is not the label's; the label where there is no other.</summary>
    private int Suggested() => classCodes.Length == 1 ? Label : Largest() != Label ? Largest() : probabilities.LargestWithout(Label);

    private double Entropy()
    {
        nint start = (nint)row * classCodes.Length;
        return matrix.IsDouble
            ? RowSum.Of<DoubleRow, Entropy>(new DoubleRow((double*)matrix.Pointer + start), classCodes.Length, Label)
            : RowSum.Of<FloatRow, Entropy>(new FloatRow((float*)matrix.Pointer + start), classCodes.Length, Label);
    }
}
