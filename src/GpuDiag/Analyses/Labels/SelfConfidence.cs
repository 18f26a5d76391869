using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// Per class the probabilities that its rows give it, summed exactly: from their means come the thresholds of confident
/// learning. Law: the same for any split and order of the rows.
/// </summary>
/// <param name="classes">Columns, K.</param>
internal sealed class SelfConfidence(int classes)
{
    private readonly long[] rows = new long[classes];
    private readonly FixedSum[] sums = new FixedSum[classes];

    /// <summary>Adds a valid row of a label's column, with the label's probability.</summary>
    public void Add(int label, double own)
    {
        rows[label]++;
        sums[label] = sums[label].Add(FixedSum.Quantize(Confident.Clip(own)));
    }

    public void Merge(SelfConfidence other)
    {
        for (int k = 0; k < rows.Length; k++)
        {
            rows[k] += other.rows[k];
            sums[k] += other.sums[k];
        }
    }

    public void Save(BinaryWriter writer)
    {
        for (int k = 0; k < rows.Length; k++)
        {
            writer.Write7BitEncodedInt64(rows[k]);
            sums[k].Write(writer);
        }
    }

    /// <summary>Merges in what was written.</summary>
    public void Load(BinaryReader reader)
    {
        for (int k = 0; k < rows.Length; k++)
        {
            rows[k] += reader.Read7BitEncodedInt64();
            sums[k] += FixedSum.Read(reader);
        }
    }

    /// <summary>
    /// Per class the mean probability that its rows give it, at least 2e-6; a row is confidently of a class from 1e-6 below
    /// it on. +∞ for a class without rows.
    /// </summary>
    public double[] Least() =>
        [.. rows.Select((n, k) => n == 0 ? double.PositiveInfinity : Math.Max(sums[k].ToDouble() / n, Confident.LeastThreshold) - Confident.Slack)];
}
