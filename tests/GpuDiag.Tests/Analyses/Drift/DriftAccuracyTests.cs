using System.Text;
using GpuDiag.Analyses.Drift;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Drift;

/// <summary>What a planted shift does to the accuracy, and whether it is told as what it is.</summary>
public sealed class DriftAccuracyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OtherMix_IsCovariateShift()
    {
        DriftResult result = Compare(Rows(20_000, 1, fog: 0.25), Rows(20_000, 2, fog: 0.6));
        Assert.Equal(["covariate"], result.Kind.Present);
        Decomposition told = result.Accuracy!.Decompositions[0];
        Assert.Equal("weather", told.Segmentation);
        // Accuracy is 0.95, in fog 0.65: 0.35 more of it costs 10.5 points.
        Assert.Equal(-0.105, told.Mix, 0.01);
        Assert.InRange(Math.Abs(told.Within), 0, 0.01);
        Assert.InRange(result.Kind.Points!.Shares().Covariate!.Value, 0.85, 1);
        Assert.True(result.Kind.ConceptPValue > 0.01);
    }

    [Fact]
    public void WorseWithinASegment_IsConceptShift()
    {
        DriftResult result = Compare(Rows(20_000, 1, fog: 0.25), Rows(20_000, 2, fog: 0.25, fogAccuracy: 0.4));
        Assert.Equal(["concept"], result.Kind.Present);
        Decomposition told = result.Accuracy!.Decompositions[0];
        Assert.Equal("weather", told.Segmentation);
        Assert.Equal(-0.0625, told.Within, 0.01);
        Assert.Equal("fog", told.Cells[0].Value);
        Assert.InRange(result.Kind.Points!.Shares().Concept!.Value, 0.8, 1);
    }

    [Fact]
    public void OtherLabels_ArePriorShift()
    {
        DriftResult result = Compare(Rows(20_000, 1, fog: 0.25, third: 0.3), Rows(20_000, 2, fog: 0.25, third: 0.6, thirdLoss: 0.2));
        Assert.Contains("prior", result.Kind.Present);
        DriftResult base0 = Compare(Rows(20_000, 1, fog: 0.25, third: 0.3, thirdLoss: 0.2), Rows(20_000, 2, fog: 0.25, third: 0.6, thirdLoss: 0.2));
        Assert.Equal(["prior"], base0.Kind.Present);
        Assert.Equal(-0.06, base0.Kind.Points!.Prior, 0.012);
        Assert.InRange(base0.Kind.Points.Shares().Prior!.Value, 0.8, 1);
        Assert.Equal("label", base0.Accuracy!.Decompositions[^1].Segmentation);
    }

    /// <summary>Every table sums to the change exactly, not only nearly, in any order; and each cell is Kitagawa's formula.</summary>
    [Fact]
    public void Decompositions_SumExactly()
    {
        DriftResult result = Compare(Rows(3_001, 1, fog: 0.25, third: 0.3), Rows(1_777, 2, fog: 0.61, third: 0.5, fogAccuracy: 0.5, extra: "hail"));
        Assert.Equal(4, result.Accuracy!.Decompositions.Count);
        foreach (Decomposition table in result.Accuracy.Decompositions)
        {
            Assert.Equal(table.Total, table.Cells.Sum(c => c.Mix + c.Within));
            Assert.Equal(table.Total, table.Cells.Reverse().Sum(c => c.Total));
            Assert.Equal(table.Total, table.Mix + table.Within);
            Assert.Equal(table.Mix, table.Cells.Sum(c => c.Centred));
            Assert.Equal(result.Accuracy.Change!.Value.Value, table.Total);
            decimal n = table.Cells.Sum(c => c.ReferenceRows), m = table.Cells.Sum(c => c.CurrentRows);
            foreach (DecompositionCell cell in table.Cells)
            {
                decimal w = cell.ReferenceRows / n, v = cell.CurrentRows / m;
                decimal a = (decimal)(cell.ReferenceAccuracy ?? cell.CurrentAccuracy!.Value), b = (decimal)(cell.CurrentAccuracy ?? cell.ReferenceAccuracy!.Value);
                Assert.Equal((double)((v - w) * (a + b) / 2), cell.Mix, 1e-13);
                Assert.Equal((double)((w + v) / 2 * (b - a)), cell.Within, 1e-13);
            }
        }

        Assert.Contains(result.Accuracy.Decompositions[0].Cells.Concat(result.Accuracy.Decompositions[1].Cells), c => c is { Value: "hail", ReferenceAccuracy: null });
        KindPoints points = result.Kind.Points!;
        Assert.Equal(result.Accuracy.Change!.Value.Value, points.Covariate + points.Prior + points.Concept);
    }

    [Fact]
    public void WithoutLabels_AccuracyIsEstimated()
    {
        (string, Array)[] reference = Rows(20_000, 1, fog: 0.25), current = Rows(20_000, 2, fog: 0.6);
        double measured = Compare(reference, current).Accuracy!.Current!.Value.Value!.Value;
        foreach (bool nulls in (bool[])[false, true])
        {
            (string, Array)[] unlabelled = nulls ? [.. current.Select(c => c.Item1 == "label" ? ("label", new string?[20_000]) : c)] : [.. current.Where(c => c.Item1 != "label")];
            DriftResult result = Compare(reference, unlabelled);
            AccuracyEstimate estimate = result.Accuracy!.Estimated!;
            Assert.Equal("weather", estimate.Segmentation);
            Assert.Equal(20_000, estimate.Rows);
            Assert.InRange(measured, estimate.Low - 0.005, estimate.High + 0.005);
            Assert.InRange(estimate.High - estimate.Low, 0.005, 0.03);
            Assert.Null(result.Accuracy.Current);
            Assert.Empty(result.Accuracy.Decompositions);
            Assert.Null(result.Kind.Points);
        }
    }

    /// <summary>Of 60 unlabelled sets from the reference's own distribution, most intervals hold the truth.</summary>
    [Fact]
    public void Estimates_CoverTheTruthOfTheSameDistribution()
    {
        DriftFile.Write(folder["r.parquet"], 1, Rows(4_000, 1000, fog: 0.3));
        int covered = 0;
        for (int i = 0; i < 60; i++)
        {
            DriftFile.Write(folder["c.parquet"], 1, Rows(1_000, i, fog: 0.3 + (0.005 * i)));
            DriftAccuracy accuracy = Run("r.parquet", "c.parquet").Accuracy!;
            covered += accuracy.Current!.Value.Value >= accuracy.Estimated!.Low && accuracy.Current.Value.Value <= accuracy.Estimated.High ? 1 : 0;
        }

        Assert.InRange(covered, 51, 60);
    }

    [Fact]
    public void ConfidencesThatTheReferenceLacks_LowerTheTrust()
    {
        (string, Array)[] reference = Rows(5_000, 1, fog: 0.25), current = Rows(5_000, 2, fog: 0.25);
        AccuracyEstimate same = Compare(reference, current).Accuracy!.Estimated!;
        // Fog is worth less at equal confidence, so estimates of a segment from the others are off.
        Assert.Equal("medium", same.Trust);
        Assert.Contains(same.Reasons, r => r.Contains("for the reference's own segments", StringComparison.Ordinal));
        Assert.InRange(same.Coverage, 0.99, 1);
        current = [.. current.Select(c => c.Item1 == "confidence" ? ("confidence", Array.ConvertAll((float[])c.Item2, v => v / 8)) : c)];
        AccuracyEstimate estimate = Compare(reference, current).Accuracy!.Estimated!;
        Assert.Equal("low", estimate.Trust);
        Assert.InRange(estimate.Coverage, 0, 0.05);
        Assert.NotEmpty(estimate.Reasons);
    }

    [Fact]
    public void Probabilities_GiveTheConfidence()
    {
        (string, Array)[] reference = Rows(5_000, 1, fog: 0.25), current = Rows(5_000, 2, fog: 0.4);
        AccuracyEstimate expected = Compare(reference, current).Accuracy!.Estimated!;
        DriftResult result = Compare(Probabilities(reference), Probabilities(current));
        ColumnDrift confidence = result.Columns.Single(c => c.Kind == DriftKind.Confidence);
        Assert.Equal(("max(probs)", 2L), (confidence.Column, confidence.Missing.Current));
        Assert.Equal(expected.Value, result.Accuracy!.Estimated!.Value, 1e-3);
        Assert.Equal(4_998, result.Accuracy.Estimated.Rows);

        static (string, Array)[] Probabilities((string, Array)[] rows) => [.. rows.Select(c => c.Item1 == "confidence" ? ("probs", (Array)Lists((float[])c.Item2)) : c)];

        static float[]?[] Lists(float[] confidences)
        {
            float[]?[] lists = [.. confidences.Select(c => new[] { (1 - c) / 2, c, (1 - c) / 2 })];
            (lists[7], lists[8]) = (null, [float.NaN, 0.9f, 0.1f]);
            return lists;
        }
    }

    [Fact]
    public void ClassesOfOneSideOnly_AreToldAndSummed()
    {
        DriftResult result = Compare(Rows(3_000, 1, fog: 0.25), Rows(2_000, 2, fog: 0.25, third: 0));
        ColumnDrift label = result.Columns.Single(c => c.Kind == DriftKind.Label);
        Assert.True(label is { Drifted: true, OneSided: { New: 0, Vanished: 1 } });
        Decomposition byClass = result.Accuracy!.Decompositions[^1];
        Assert.Contains(byClass.Cells, c => c is { Value: "c", CurrentRows: 0, CurrentAccuracy: null, Within: 0 });
        Assert.Equal(byClass.Total, byClass.Cells.Sum(c => c.Total));
    }

    [Fact]
    public void State_IsReadAsItWasWritten_AndMergesLikeItsRows()
    {
        (string, Array)[] rows = Rows(2_000, 1, fog: 0.25);
        int[] order = [.. Enumerable.Range(0, 2_000)];
        new Random(1).Shuffle(order);
        DriftFile.Write(folder["all.parquet"], 3, rows);
        DriftFile.Write(folder["a.parquet"], 1, DriftFile.Rows(rows, order[..600]));
        DriftFile.Write(folder["b.parquet"], 2, DriftFile.Rows(rows, order[600..]));
        byte[] all = Bytes(Outcome("all.parquet").Reference.State);
        DriftState a = Outcome("a.parquet").Reference.State;
        using MemoryStream written = new(Bytes(Outcome("b.parquet").Reference.State));
        using BinaryReader reader = new(written, Encoding.UTF8);
        DriftState b = DriftState.Read(reader);
        b.Merge(a);
        Assert.Equal(all, Bytes(b));
    }

    /// <summary>Right in fog at fogAccuracy, elsewhere at 0.95; class c loses thirdLoss more. Confidence tells what is likely right.</summary>
    private static (string Name, Array Values)[] Rows(int n, int seed, double fog, double fogAccuracy = 0.65, double third = 0.3, double thirdLoss = 0, string? extra = null)
    {
        Random random = new(seed);
        string[] weather = new string[n], label = new string[n], pred = new string[n];
        string?[] site = new string?[n];
        bool[] night = new bool[n];
        float[] confidence = new float[n];
        for (int i = 0; i < n; i++)
        {
            weather[i] = random.NextDouble() < fog ? "fog" : extra is not null && i % 50 == 0 ? extra : "clear";
            site[i] = random.Next(8) is > 0 and int s ? $"s{s}" : null;
            night[i] = random.Next(2) == 0;
            label[i] = random.NextDouble() < third ? "c" : random.Next(2) == 0 ? "a" : "b";
            double chance = (weather[i] == "fog" ? fogAccuracy : 0.95) - (label[i] == "c" ? thirdLoss : 0);
            bool right = random.NextDouble() < chance;
            pred[i] = right ? label[i] : label[i] == "a" ? "b" : "a";
            // Higher for right rows on average, never above what such rows are worth by much.
            confidence[i] = (float)Math.Clamp((right ? 0.8 : 0.65) + (0.2 * random.NextDouble()), 0, 1);
        }

        return [("label", label), ("pred", pred), ("confidence", confidence), ("weather", weather), ("site", site), ("night", night)];
    }

    private static byte[] Bytes(DriftState state)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        state.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private DriftResult Compare((string, Array)[] reference, (string, Array)[] current)
    {
        DriftFile.Write(folder["reference.parquet"], 2, reference);
        DriftFile.Write(folder["current.parquet"], 3, current);
        return Run("reference.parquet", "current.parquet");
    }

    private DriftResult Run(string reference, string current) => Outcome(reference, current).Results[0];

    private DriftOutcome Outcome(params string[] names) =>
        GpuDiag.Analyses.Drift.Drift.Run(new DriftOptions { Datasets = [.. names.Select(n => folder[n])], Device = "cpu" }, null, CancellationToken.None);
}
