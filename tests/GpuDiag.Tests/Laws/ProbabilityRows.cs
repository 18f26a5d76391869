namespace GpuDiag.Tests.Laws;

/// <summary>Rows of probabilities with all that can be wrong with them: NaN, out of range, bad sums, ties, zeros, no label.</summary>
internal sealed record ProbabilityRows(int Classes, int Rows, bool IsDouble, double[] Probabilities, string?[] Labels, string?[] Segments)
{
    private static readonly double[] Odd = [double.NaN, -2, 1.0011, -0.0011, double.PositiveInfinity, -0.0005, 1.0005, 0, -0.0, 1e-310, 1e-40, 0.25, 0.25, 1];

    public static ProbabilityRows Make(Random random, int classes, int rows, bool isDouble)
    {
        double[] all = new double[rows * classes];
        for (int r = 0; r < rows; r++)
        {
            Span<double> row = all.AsSpan(r * classes, classes);
            double sum = 0;
            foreach (ref double p in row)
            {
                p = Math.Pow(random.NextDouble(), 1 + (8 * random.NextDouble()));
                sum += p;
            }

            foreach (ref double p in row)
            {
                p /= sum;
            }

            for (int odd = random.Next(8) - 5; odd > 0; odd--)
            {
                row[random.Next(classes)] = Odd[random.Next(Odd.Length)];
            }

            if (random.Next(10) == 0)
            {
                row.Fill(random.Next(2) == 0 ? 0 : 1.0 / classes);
            }

            if (!isDouble)
            {
                foreach (ref double p in row)
                {
                    p = (float)p;
                }
            }
        }

        // One label more than there are columns: it has no probability.
        string?[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(9) == 0 ? null : $"c{random.Next(classes + 1)}")];
        string?[] segments = [.. Enumerable.Range(0, rows).Select(_ => random.Next(6) == 0 ? null : $"s{random.Next(5)}")];
        return new ProbabilityRows(classes, rows, isDouble, all, labels, segments);
    }

    /// <summary>With domains of its own.</summary>
    public ProbabilityRun Prepare(int width) => new(this, width);
}
