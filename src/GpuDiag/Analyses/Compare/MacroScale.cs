using System.Numerics;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// What a row adds to the change of a mean over classes: the mean of its influences on each class's figure. These go into whole numbers of one
/// size, so that they add exactly: the rarest class's influences in 2⁻⁴⁰, those of others by how much commoner they are, all of them over a
/// power of two not below the number of classes.
/// </summary>
internal sealed class MacroScale
{
    private readonly double unit;
    private readonly (double Positive, double PositiveMean, double Negative, double NegativeMean, double Average)[] classes;

    /// <param name="classes">Per class its positives and negatives, and the change of its ROC AUC.</param>
    public MacroScale(IReadOnlyList<(long Positives, long Negatives, double Auc)> classes)
    {
        (long Positives, long Negatives, double Auc)[] counted = [.. classes.Where(c => c.Positives > 0 && c.Negatives > 0)];
        double least = counted.Length == 0 ? 1 : counted.Min(c => Math.Min(c.Positives, c.Negatives));
        double share = 1.0 / BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, counted.Length));
        unit = RankScale.Steps * share * least * Math.Max(1, counted.Length);
        this.classes = [.. classes.Select(c => c.Positives == 0 || c.Negatives == 0 ? default : Of(c.Positives, c.Negatives, c.Auc))];

        (double, double, double, double, double) Of(double positives, double negatives, double auc)
        {
            double ofPositive = RankScale.Steps * share * (least / positives), ofNegative = RankScale.Steps * share * (least / negatives);
            return (ofPositive / (2 * negatives), ofPositive * auc, ofNegative / (2 * positives), ofNegative * auc, share * (least / positives));
        }
    }

    /// <summary>On ROC AUC, of a positive.</summary>
    /// <param name="c">The class.</param>
    /// <param name="change">Of DeLong's component.</param>
    public long OfPositive(int c, long change) => (long)Math.Round((change * classes[c].Positive) - classes[c].PositiveMean);

    /// <summary>On ROC AUC, of a negative.</summary>
    public long OfNegative(int c, long change) => (long)Math.Round((change * classes[c].Negative) - classes[c].NegativeMean);

    /// <summary>On average precision.</summary>
    public long OfAverage(int c, long change) => (long)Math.Round(change * classes[c].Average);

    /// <summary>The standard error of the change of the mean.</summary>
    public double Error(in PairedChange change, long rows) => rows == 0 ? double.NaN : change.Root(rows) / unit;
}
