using System.Globalization;
using GpuDiag.Analyses.Drift;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Benchmarks;

/// <summary>
/// How often <c>gpudiag drift</c> raises a false alarm on pairs of samples of one distribution, and how often it finds a planted shift. Prints two tables in Markdown.
/// </summary>
internal static class DriftStudy
{
    private const double Effect = 0.1;

    private static readonly (string Name, Func<Random, double, double> Draw, bool Category)[] Columns =
    [
        ("normal", (r, shift) => Normal(r) + shift, false),
        ("log-normal", (r, shift) => Math.Exp(Normal(r) + shift), false),
        ("Cauchy", (r, shift) => Math.Tan(Math.PI * (r.NextDouble() - 0.5)) + shift, false),
        ("wider normal", (r, shift) => Normal(r) * (1 + shift), false),
        ("rounded (41 values)", (r, shift) => Math.Clamp(Math.Round(5 * (Normal(r) + shift)), -20, 20), false),
        ("2 values", (r, shift) => r.NextDouble() < 0.3 + (shift / 2) ? 1 : 0, true),
        ("10 values", (r, shift) => r.NextDouble() < shift / 2 ? 0 : r.Next(10), true),
        ("200 Zipf values", (r, shift) => r.NextDouble() < shift / 2 ? 0 : Math.Floor(Math.Exp(r.NextDouble() * Math.Log(201))), true),
    ];

    /// <param name="pairs">Pairs per line.</param>
    public static void Run(int pairs, TextWriter output)
    {
        output.WriteLine("| null pairs | rows | p ≤ 0.05 | p ≤ 0.01 | called drift |\n|---|---|---|---|---|");
        for (int c = 0; c < Columns.Length; c++)
        {
            foreach ((int n, int m) in ((int, int)[])[(200, 150), (1000, 1000), (20_000, 5_000)])
            {
                (int five, int one, int drift) = Count(c, n, m, 0, pairs);
                output.WriteLine($"| {Columns[c].Name} | {n} / {m} | {Share(five, pairs)} | {Share(one, pairs)} | {Share(drift, pairs)} |");
            }
        }

        foreach ((int n, int m) in ((int, int)[])[(200, 150), (1000, 1000), (5_000, 2_000)])
        {
            (int five, int one, int drift) = CountVectors(n, m, 0, pairs);
            output.WriteLine($"| embedding, 16 dimensions | {n} / {m} | {Share(five, pairs)} | {Share(one, pairs)} | {Share(drift, pairs)} |");
        }

        output.WriteLine("\n| planted shift | rows | shift | p ≤ 0.05 | called drift |\n|---|---|---|---|---|");
        for (int c = 0; c < Columns.Length; c++)
        {
            foreach (int n in (int[])[200, 1000, 10_000])
            {
                foreach (double shift in (double[])[0.05, 0.2, 0.5])
                {
                    (int five, _, int drift) = Count(c, n, n, shift, pairs / 5);
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Columns[c].Name} | {n} / {n} | {shift} | {Share(five, pairs / 5)} | {Share(drift, pairs / 5)} |"));
                }
            }
        }

        foreach (double shift in (double[])[0.05, 0.2, 0.5])
        {
            (int five, _, int drift) = CountVectors(1000, 1000, shift, pairs / 5);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| embedding, 16 dimensions | 1000 / 1000 | {shift} | {Share(five, pairs / 5)} | {Share(drift, pairs / 5)} |"));
        }
    }

    private static (int Five, int One, int Drift) Count(int column, int n, int m, double shift, int pairs)
    {
        (string name, Func<Random, double, double> draw, bool category) = Columns[column];
        return Each(pairs, pair =>
        {
            Random random = new(HashCode(column, n, pair));
            double[] a = [.. Enumerable.Range(0, n).Select(_ => draw(random, 0))], b = [.. Enumerable.Range(0, m).Select(_ => draw(random, shift))];
            if (category)
            {
                CategoryComparison compared = new(Counts(a), Counts(b));
                return (compared.PValue, compared.JensenShannon);
            }

            NumberComparison numbers = new(Histogram(a), Histogram(b));
            return (numbers.PValue, numbers.Effect);
        });
    }

    private static (int Five, int One, int Drift) CountVectors(int n, int m, double shift, int pairs) => Each(pairs, pair =>
    {
        Random random = new(HashCode(99, n, pair));
        VectorComparison compared = new(Vectors(random, n, 0), Vectors(random, m, shift));
        return (compared.PValue ?? 1, (2 * compared.Auc) - 1);
    });

    private static (int Five, int One, int Drift) Each(int pairs, Func<int, (double PValue, double Effect)> compare)
    {
        (double P, double Effect)[] all = new (double, double)[pairs];
        Parallel.For(0, pairs, pair => all[pair] = compare(pair));
        return (all.Count(c => c.P <= 0.05), all.Count(c => c.P <= 0.01), all.Count(c => c.P <= 0.05 && c.Effect >= Effect));
    }

    private static VectorTally Vectors(Random random, int rows, double shift)
    {
        const int Width = 16;
        using MatrixColumn column = new();
        column.Reserve(rows, Width, isDouble: false);
        Span<float> values = column.Floats(rows);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Normal(random) + (i % Width == 0 ? shift : 0));
        }

        VectorTally tally = new();
        tally.Accept(column, rows);
        return tally;
    }

    private static KeyHistogram Histogram(double[] values)
    {
        KeyHistogram histogram = new(NumberTally.MostDistinct);
        foreach (double value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }

    private static Dictionary<string, long> Counts(double[] values) =>
        values.GroupBy(v => v).ToDictionary(g => g.Key.ToString("R", CultureInfo.InvariantCulture), g => g.LongCount());

    private static int HashCode(int column, int rows, int pair) => (((column * 1_000_003) + rows) * 1_000_003) + pair;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static string Share(int count, int all) => ((double)count / all).ToString("0.000", CultureInfo.InvariantCulture);
}
