using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// What rows of probabilities look like, valid or not: counts, extrema and one exact sum over rows chosen by their position,
/// so the same for every cut, order and number of threads. Rows with NaN are left out.
/// </summary>
internal sealed class ProbabilityLook
{
    private const double SumTolerance = 0.01, PercentTolerance = 1, LeastInner = 1e-15;

    private FixedSum gain;
    private double[] least = [];
    private double[] most = [];

    /// <summary>Rows looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows with an entry below 0.</summary>
    public long Negative { get; private set; }

    /// <summary>Rows without an entry above 0 whose exponentials sum to 1.</summary>
    public long Logarithms { get; private set; }

    /// <summary>Rows of entries from 0 to 100 that sum to 100.</summary>
    public long Percentages { get; private set; }

    /// <summary>
    /// Rows that a softmax may have made of probabilities: log p + c, with the c that makes the sum 1, has no negative entry.
    /// </summary>
    public long Doubled { get; private set; }

    public double Least => least.DefaultIfEmpty(double.NaN).Min();

    public double Most => most.DefaultIfEmpty(double.NaN).Max();

    /// <summary>Every row is the same.</summary>
    public bool IsConstant => least.AsSpan().SequenceEqual(most);

    /// <summary>How much likelier the labels are under log p + c than under p, over the doubled rows with a label; natural logarithm.</summary>
    public double LogLikelihoodGain => gain.ToDouble();

    public void Accept(TemperBatch batch, ReadOnlySpan<int> classIndex)
    {
        MatrixColumn matrix = batch.Probabilities;
        int width = matrix.Width;
        if (least.Length == 0)
        {
            (least, most) = (new double[width], new double[width]);
            Array.Fill(least, double.PositiveInfinity);
            Array.Fill(most, double.NegativeInfinity);
        }

        double[] row = new double[width];
        for (int r = 0; r < batch.Rows; r++)
        {
            bool nan = false;
            for (int k = 0; k < width; k++)
            {
                row[k] = matrix.IsDouble ? matrix.Doubles(batch.Rows)[(r * width) + k] : matrix.Floats(batch.Rows)[(r * width) + k];
                nan |= double.IsNaN(row[k]);
            }

            if (!nan)
            {
                int label = batch.Label[r];
                Look(row, label < classIndex.Length ? classIndex[label] : -1);
            }
        }
    }

    private void Look(ReadOnlySpan<double> row, int label)
    {
        double smallest = double.PositiveInfinity, largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            smallest = Math.Min(smallest, row[k]);
            largest = Math.Max(largest, row[k]);
            sum += row[k];
            least[k] = Math.Min(least[k], row[k]);
            most[k] = Math.Max(most[k], row[k]);
        }

        Rows++;
        Negative += smallest < RowRule.Least ? 1 : 0;
        Percentages += smallest >= RowRule.Least && largest > RowRule.Most && Math.Abs(sum - 100) <= PercentTolerance ? 1 : 0;
        if (largest <= RowRule.Tolerance && smallest < RowRule.Least)
        {
            double mass = 0;
            foreach (double value in row)
            {
                mass += Deterministic.Exp(value);
            }

            Logarithms += Math.Abs(mass - 1) <= SumTolerance ? 1 : 0;
        }
        else if (smallest > 0 && largest <= Math.E * (1 + RowRule.Tolerance) * smallest)
        {
            Undo(row, smallest, label);
        }
    }

    /// <summary>Takes the row for a softmax of probabilities, and its label's likelihood before and after.</summary>
    private void Undo(ReadOnlySpan<double> row, double smallest, int label)
    {
        double logs = 0;
        foreach (double value in row)
        {
            logs += Deterministic.Log(value);
        }

        double c = (1 - logs) / row.Length;
        if (Deterministic.Log(smallest) + c < -RowRule.Tolerance)
        {
            return;
        }

        Doubled++;
        if (label >= 0)
        {
            double total = 0;
            foreach (double value in row)
            {
                total += Inner(value, c);
            }

            gain = gain.Add(FixedSum.Quantize(Deterministic.Log(Inner(row[label], c) / total) - Deterministic.Log(row[label])));
        }
    }

    private static double Inner(double value, double c) => Math.Max(Deterministic.Log(value) + c, LeastInner);
}
