using GpuDiag.Analyses.Mining;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Mining;

/// <summary>What is mined, against the definitions of docs/mine.md written out plainly.</summary>
public sealed class MineTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ClassFile test = new(120, 1, "t"), pool = new(300, 2, "p"), train = new(80, 3, "r");

    public MineTests()
    {
        test.Write(folder["test.parquet"], "id label pred embedding");
        pool.Write(folder["pool.parquet"], "id pred probs embedding");
        train.Write(folder["train.parquet"], "id label embedding");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, 40)]
    [InlineData(false, 40)]
    [InlineData(true, 300)]
    public void Failures_AreThoseOfThePlainGreedyChoice(bool withTrain, int budget)
    {
        MineResult result = Run(new MineOptions { Pool = [folder["pool.parquet"]], Budget = budget, Cases = Cases("test.parquet"), Train = withTrain ? [folder["train.parquet"]] : [] });
        FailureCase[] failures = [.. Enumerable.Range(0, test.Rows).Where(i => test.Label[i] != test.Pred[i]).Select(i => new FailureCase(i, test.Id[i], test.Label[i], test.Pred[i], null, null))];
        Assert.Equal(failures.Length, result.Cases!.Anchors);
        Assert.Equal(failures.Length, result.Groups.Sum(g => g.Failures));
        Assert.Equal(budget, result.Groups.Sum(g => g.Quota));

        double[] spacing = [.. failures.Select(a => failures.Where(b => b.Row != a.Row).Min(b => Cosine(test.Vectors[a.Row], test.Vectors[b.Row]))).Order()];
        double scale = spacing.Length % 2 == 1 ? spacing[spacing.Length / 2] : (spacing[(spacing.Length / 2) - 1] + spacing[spacing.Length / 2]) / 2;
        Assert.Equal(scale, result.Scale!.Value, 1e-12);

        // Clusters of failures come from the result: which rows they hold is told by the mined rows themselves.
        Dictionary<int, int> left = result.Groups.ToDictionary(g => g.Cluster, g => g.Quota);
        int[] nearest = [.. pool.Vectors.Select(v => Enumerable.Range(0, failures.Length).MinBy(a => Cosine(v, test.Vectors[failures[a].Row])))];
        double[] score = [.. pool.Vectors.Select((v, i) => Math.Exp(-Cosine(v, test.Vectors[failures[nearest[i]].Row]) / scale) * (1 + 1 - Margin(i)) / 2)];
        double[] apart = [.. pool.Vectors.Select(v => withTrain ? train.Vectors.Min(t => Cosine(v, t)) : double.PositiveInfinity)];
        Dictionary<long, int> clusterOf = result.Rows.GroupBy(r => r.Resembles!.Row).ToDictionary(g => g.Key, g => Assert.Single(g.Select(r => r.Cluster!.Value).Distinct()));
        int[] cluster = [.. nearest.Select(a => clusterOf.GetValueOrDefault(failures[a].Row, -1))];
        HashSet<int> chosen = [];
        foreach (MinedRow row in result.Rows)
        {
            double[] gain = [.. Enumerable.Range(0, pool.Rows).Select(i => chosen.Contains(i) ? -1 : score[i] * Math.Min(1, apart[i] / scale))];
            bool any = Enumerable.Range(0, pool.Rows).Any(i => gain[i] > 0 && left.GetValueOrDefault(cluster[i]) > 0);
            int best = Enumerable.Range(0, pool.Rows).Where(i => !any || left.GetValueOrDefault(cluster[i]) > 0).MaxBy(i => gain[i]);
            Assert.Equal(best, row.Row);
            Assert.Equal((pool.Id[best], test.Id[row.Resembles!.Row], pool.Pred[best]), (row.Id, row.Resembles.Id, row.Pred));
            Assert.Equal(gain[best], row.Score, 1e-9);
            Assert.Equal(Margin(best), row.Margin!.Value, 1e-6);
            Assert.Equal(withTrain ? train.Vectors.Min(t => Cosine(pool.Vectors[best], t)) : null, row.TrainDistance, new Close());
            chosen.Add(best);
            left[cluster[best]]--;
            apart = [.. pool.Vectors.Select((v, i) => Math.Min(apart[i], Cosine(v, pool.Vectors[best])))];
        }

        Assert.Equal(budget, result.Rows.Count);
        Assert.All(result.Groups, g => Assert.Equal(g.Mined, result.Rows.Count(r => r.Cluster == g.Cluster)));
    }

    [Fact]
    public void PlainStrategies_RankByTheirScore()
    {
        MineOptions options = new() { Pool = [folder["pool.parquet"]], Budget = 25 };
        double[] Sorted(int i) => [.. pool.Probs[i].Select(p => (double)p).OrderDescending()];
        Func<int, double> least = i => 1 - Sorted(i)[0], margin = i => 1 - (Sorted(i)[0] - Sorted(i)[1]), entropy = i => -Sorted(i).Sum(p => p * Math.Log(p));
        foreach ((MineStrategy strategy, Func<int, double> score) in new[] { (MineStrategy.LeastConfidence, least), (MineStrategy.Margin, margin), (MineStrategy.Entropy, entropy) })
        {
            MineResult result = Run(options with { Strategy = strategy });
            Assert.Equal(Enumerable.Range(0, pool.Rows).OrderByDescending(score).Take(25).Select(i => (long)i), result.Rows.Select(r => r.Row));
            Assert.All(result.Rows, r => Assert.Equal(score((int)r.Row), r.Score, 1e-9));
        }

        long[] drawn = [.. Run(options with { Strategy = MineStrategy.Random }).Rows.Select(r => r.Row)];
        Assert.Equal(25, drawn.Distinct().Count());
        Assert.NotEqual(drawn, Run(options with { Strategy = MineStrategy.Random, Seed = 1 }).Rows.Select(r => r.Row));
    }

    [Fact]
    public void Centers_AreTheFarthestOneAfterAnother()
    {
        MineResult result = Run(new MineOptions { Pool = [folder["pool.parquet"]], Budget = 25, Strategy = MineStrategy.KCenter, Train = [folder["train.parquet"]] });
        double[] apart = [.. pool.Vectors.Select(v => train.Vectors.Min(t => Cosine(v, t)))];
        foreach (MinedRow row in result.Rows)
        {
            int best = Enumerable.Range(0, pool.Rows).MaxBy(i => apart[i]);
            Assert.Equal(best, row.Row);
            Assert.Equal(apart[best], row.Score, 1e-9);
            apart = [.. pool.Vectors.Select((v, i) => Math.Min(apart[i], Cosine(v, pool.Vectors[best])))];
        }
    }

    [Fact]
    public void RowsOfTrainAndTwins_AreNotMined()
    {
        ClassFile doubled = new(60, 5, "d");
        for (int i = 0; i < 20; i++)
        {
            train.Vectors[i].CopyTo(doubled.Vectors[i], 0);
            doubled.Vectors[20 + i].CopyTo(doubled.Vectors[40 + i], 0);
        }

        doubled.Write(folder["doubled.parquet"], "id embedding");
        MineOptions options = new() { Pool = [folder["doubled.parquet"]], Budget = 60, Cases = Cases("test.parquet"), Train = [folder["train.parquet"]] };
        MineResult result = Run(options);
        Assert.Equal((20, 20, 20), (result.InTrain, result.Repeated, result.Rows.Count));
        Assert.All(result.Rows, r => Assert.InRange(r.Row, 20, 39));
        Assert.Equal(40, Run(options with { Strategy = MineStrategy.Random }).Rows.Count);
        Assert.Equal(20, Run(options with { Strategy = MineStrategy.KCenter }).Rows.Count);
    }

    [Theory]
    [InlineData(MineStrategy.Failures)]
    [InlineData(MineStrategy.Margin)]
    [InlineData(MineStrategy.KCenter)]
    public void Result_DependsOnNeitherSplitNorThreadsNorMemory(MineStrategy strategy)
    {
        Directory.CreateDirectory(folder["cut"]);
        foreach ((int from, int to) in new[] { (0, 7), (7, 180), (180, 300) })
        {
            pool.Write(folder[$"cut/{from:000}.parquet"], "id pred probs embedding", from, to);
        }

        MineOptions options = new() { Pool = [folder["pool.parquet"]], Budget = 30, Cases = Cases("test.parquet"), Train = [folder["train.parquet"]], Strategy = strategy, Device = "cpu" };
        MineResult expected = Run(options);
        foreach (MineOptions other in new[] { options with { Pool = [folder["cut"]], Threads = 3 }, options with { Threads = 1, Memory = 1 << 25 } })
        {
            MineResult result = Run(other);
            Assert.Equal(expected.Rows, result.Rows);
            Assert.Equal(expected.Groups, result.Groups);
            Assert.Equal(expected.Scale, result.Scale);
        }
    }

    [Fact]
    public void UnreadableFileOfThePool_IsLeftOutWhereAsked()
    {
        Directory.CreateDirectory(folder["cut"]);
        Directory.CreateDirectory(folder["good"]);
        foreach ((int from, int to) in new[] { (0, 90), (90, 180), (180, 300) })
        {
            pool.Write(folder[$"cut/{from:000}.parquet"], "id pred probs embedding", from, to);
            if (from != 90)
                File.Copy(folder[$"cut/{from:000}.parquet"], folder[$"good/{from:000}.parquet"]);
        }

        // A page that is no page: found only when rows are read.
        byte[] bytes = File.ReadAllBytes(folder["cut/090.parquet"]);
        bytes.AsSpan(4, 60).Clear();
        File.WriteAllBytes(folder["cut/090.parquet"], bytes);
        MineOptions options = new() { Pool = [folder["cut"]], Budget = 30, Cases = Cases("test.parquet"), Device = "cpu" };
        Assert.Contains("090.parquet", Assert.Throws<InputException>(() => Run(options)).Message, StringComparison.Ordinal);
        Assert.Equal(Run(options with { Pool = [folder["good"]] }).Rows, Run(options with { SkipUnreadable = true }).Rows);
    }

    [Fact]
    public void Quotas_SpendTheBudget()
    {
        Assert.Equal([6, 3, 1], Quotas.Share(10, [6, 3, 1]));
        Assert.Equal([4, 3, 3], Quotas.Share(10, [1, 1, 1]));
        Assert.Equal([1, 0, 0], Quotas.Share(1, [0.1, 0.1, 0.05]));
        Assert.True(Quotas.Severity(10, 20) > Quotas.Severity(10, 1000));
        Assert.True(Quotas.Severity(100, 200) > 10 * Quotas.Severity(10, 20));
    }

    [Fact]
    public void Candidates_DoNotDependOnTheOrder()
    {
        Candidate[] all = [.. Enumerable.Range(0, 500).Select(i => new Candidate(i, i * 7 % 40, -1, 0))];
        Candidates ordered = new(60), shuffled = new(60);
        foreach (Candidate c in all)
        {
            ordered.Add(c);
        }

        new Random(1).Shuffle(all);
        foreach (Candidate c in all)
        {
            shuffled.Add(c);
        }

        Assert.Equal(ordered.Finish(), shuffled.Finish());
        Assert.Equal(all.Order().Take(60), ordered.Finish());
        Assert.True(ordered.WasCut);
    }

    private static MineResult Run(MineOptions options)
    {
        using Mine mine = Mine.Open(options, null, default);
        return mine.Run();
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, squaredA = 0, squaredB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            squaredA += (double)a[i] * a[i];
            squaredB += (double)b[i] * b[i];
        }

        return Math.Max(0, 1 - (dot / Math.Sqrt(squaredA * squaredB)));
    }

    private CaseSource Cases(string name) => new() { Name = name, Inputs = [folder[name]] };

    private double Margin(int i)
    {
        double[] sorted = [.. pool.Probs[i].Select(p => (double)p).OrderDescending()];
        return sorted[0] - sorted[1];
    }

    private sealed class Close : IEqualityComparer<double?>
    {
        public bool Equals(double? x, double? y) => x is null ? y is null : Math.Abs(x.Value - y!.Value) < 1e-9;

        public int GetHashCode(double? obj) => 0;
    }
}
