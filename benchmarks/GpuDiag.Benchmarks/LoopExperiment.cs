using System.Globalization;
using GpuDiag.Analyses.Mining;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Benchmarks;

/// <summary>
/// What the labels of mined rows are worth: <c>loop FOLDER [repetitions] [budget]</c>, with digits_train, digits_test, digits_pool and
/// digits_pool_labels.parquet in the folder. Each repetition cuts the test rows by a keyed draw into two halves: failures of the first are
/// mined for, the second measures, so that no measured row has taken part. Every strategy's rows get their true labels, a head is fitted to
/// the training set and these, and compared with that of random rows of the same repetition.
/// </summary>
internal static class LoopExperiment
{
    private const ulong HalfStream = 0x48616C66;

    private static readonly string[] Names = ["train", "test", "pool", "pool_labels"];

    private static readonly MineStrategy[] Strategies =
        [MineStrategy.Random, MineStrategy.Failures, MineStrategy.LeastConfidence, MineStrategy.Margin, MineStrategy.Entropy, MineStrategy.KCenter];

    public static void Run(string folder, int repetitions, int budget, string? wrong, TextWriter output)
    {
        string[] paths = [.. Names.Select(n => Path.Combine(folder, $"digits_{n}.parquet"))];
        using Columns train = new(paths[0]), test = new(paths[1]), pool = new(paths[2]);
        Dictionary<string, string> answers = Labels(paths[3]);
        HashSet<string> wrongIds = wrong is null ? [] : [.. File.ReadAllText(wrong).Split('"').Where(t => t.StartsWith("digit-", StringComparison.Ordinal))];
        string[] classes = [.. train.Text("label").Concat(answers.Values).Distinct().Order(StringComparer.Ordinal)!];
        HeadFit prior = Fit(train, [], pool, answers, classes, out GatheredVectors first);
        double c;
        using (first)
        using (CrossValidation folds = new(prior, prior.FoldOf()))
            c = folds.Search().Best;
        var results = Strategies.ToDictionary(s => s, _ => new List<(double Accuracy, double Slice)>());
        List<(double Accuracy, double Slice)> none = [];
        for (int r = 0; r < repetitions; r++)
        {
            bool[] measured = [.. Enumerable.Range(0, test.Rows).Select(i => (Philox4x32.At((ulong)r, HalfStream, (ulong)i).First & 1) == 1)];
            FailureCase[] failures = [.. Enumerable.Range(0, test.Rows)
                .Where(i => !measured[i] && test.Text("label")[i] != test.Text("pred")[i])
                .Select(i => new FailureCase(i, test.Text("id")[i], test.Text("label")[i], test.Text("pred")[i], null, null))];
            none.Add(Measure([]));
            foreach (MineStrategy strategy in Strategies)
            {
                using Mine mine = Mine.Open(
                    new MineOptions
                    {
                        Pool = [paths[2]],
                        Train = [paths[0]],
                        Budget = budget,
                        Strategy = strategy,
                        Seed = (ulong)r,
                        Device = "cpu",
                        Cases = strategy == MineStrategy.Failures ? new CaseSource { Name = paths[1], Inputs = [paths[1]], Failures = failures } : null,
                    },
                    null,
                    default);
                results[strategy].Add(Measure([.. mine.Run().Rows.Select(m => m.Row)]));
            }

            (double, double) Measure(long[] mined)
            {
                HeadFit fit = Fit(train, mined, pool, answers, classes, out GatheredVectors vectors);
                using (vectors)
                {
                    LinearHead head = fit.Fit(c).Head;
                    string[] predicted = new string[test.Rows];
                    head.Predict(test.Vectors, 1, (row, p) =>
                    {
                        int best = 0;
                        for (int k = 1; k < p.Length; k++)
                            best = p[k] > p[best] ? k : best;
                        predicted[row] = classes[best];
                    });
                    int[] rows = [.. Enumerable.Range(0, test.Rows).Where(i => measured[i] && !wrongIds.Contains(test.Text("id")[i]!))];
                    int[] slice = [.. rows.Where(i => (test.Text("label")[i], test.Text("slant")[i]) is ("eight", "left" or "right") or ("one", "left"))];
                    return (Share(rows), Share(slice));

                    double Share(int[] of) => of.Count(i => predicted[i] == test.Text("label")[i]) / (double)of.Length;
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{repetitions} repetitions, {budget} labels each, C = {c}; mean, and of the difference to random the 95 % interval (Student's t)\n"));
        output.WriteLine("| rows labelled | accuracy | slice | accuracy − random | slice − random |");
        output.WriteLine("|---|---|---|---|---|");
        Line("none", none);
        foreach (MineStrategy strategy in Strategies)
            Line(Name(strategy), results[strategy]);

        void Line(string name, List<(double Accuracy, double Slice)> of)
        {
            var random = results[MineStrategy.Random];
            string difference = name == "random" ? "| | |" : $"| {Interval([.. of.Zip(random, (a, b) => a.Accuracy - b.Accuracy)])} | {Interval([.. of.Zip(random, (a, b) => a.Slice - b.Slice)])} |";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {of.Average(o => o.Accuracy):0.0000} | {of.Average(o => o.Slice):0.0000} {difference}"));
        }
    }

    private static string Name(MineStrategy strategy) => strategy switch
    {
        MineStrategy.Failures => "failures (`mine`)",
        MineStrategy.LeastConfidence => "least-confidence",
        MineStrategy.KCenter => "k-center",
        _ => strategy.ToString().ToLowerInvariant(),
    };

    /// <summary>Mean ± half of the interval; t for 29 degrees of freedom where there are 30 repetitions, else the normal quantile's neighbour 2.</summary>
    private static string Interval(double[] values)
    {
        double mean = values.Average(), sd = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)), t = values.Length == 30 ? 2.045 : 2;
        double half = t * sd / Math.Sqrt(values.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{mean:+0.0000;-0.0000} ({mean - half:+0.0000;-0.0000} to {mean + half:+0.0000;-0.0000})");
    }

    private static HeadFit Fit(Columns train, long[] mined, Columns pool, Dictionary<string, string> answers, string[] classes, out GatheredVectors vectors)
    {
        vectors = GatheredVectors.Of([(train.Vectors, Enumerable.Range(0, train.Rows).Select(i => (long)i)), (pool.Vectors, mined)]);
        string[] labels = [.. train.Text("label")!, .. mined.Select(m => answers[pool.Text("id")[m]!])];
        return new HeadFit([.. labels.Select(_ => 1.0)])
        {
            Rows = vectors.Block,
            Labels = [.. labels.Select(l => Array.IndexOf(classes, l))],
            Classes = classes,
            Folds = 5,
            Seed = 0,
            Threads = 1,
            Cancel = default,
        };
    }

    private static Dictionary<string, string> Labels(string file)
    {
        using Columns labels = new(file, vectors: false);
        return Enumerable.Range(0, labels.Rows).ToDictionary(i => labels.Text("id")[i]!, i => labels.Text("label")[i]!);
    }

    /// <summary>A file's columns, read when they are asked for.</summary>
    private sealed class Columns : IDisposable
    {
        private readonly Dataset data;
        private readonly VectorStore? store;
        private readonly Dictionary<string, string?[]> texts = [];

        public Columns(string file, bool vectors = true)
        {
            data = Dataset.Open([file]);
            store = vectors ? VectorStore.Read(data, "embedding", new Pipeline(data, 1, null, default)) : null;
        }

        public int Rows => (int)data.Rows;

        public VectorBlock Vectors => store!.Block;

        public string?[] Text(string name)
        {
            if (!texts.TryGetValue(name, out string?[]? values))
            {
                var found = SomeTexts.Read(data.Fields.First(f => f.Name == name), Enumerable.Range(0, Rows).Select(i => (long)i), new Pipeline(data, 1, null, default));
                texts[name] = values = [.. Enumerable.Range(0, Rows).Select(i => found.GetValueOrDefault(i))];
            }
            return values;
        }

        public void Dispose()
        {
            store?.Dispose();
            data.Dispose();
        }
    }
}
