using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Embeddings;

/// <summary>What was planted is found, and nothing else.</summary>
public sealed class NeighborhoodTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EqualVectors_AreOneSetHoweverMany()
    {
        EmbeddingTable table = EmbeddingTable.Random(60, 8, 1);
        for (int i = 0; i < 25; i++)
        {
            table.Repeat(5, "a", "a");
        }

        ScanOutcome outcome = Scan(table, o => o with { Neighbors = 3 });
        DuplicateResult duplicates = outcome.Result.Duplicates!;
        Assert.Equal((1, 26, 26), (duplicates.Sets, duplicates.Rows, duplicates.ExactRows));
        Assert.Equal([5, .. Enumerable.Range(60, 25)], outcome.Rows.Where(r => r.DuplicateSet == 0).Select(r => (int)r.Row));
    }

    [Fact]
    public void ZeroOfEitherSign_IsTheSameVector()
    {
        EmbeddingTable table = EmbeddingTable.Random(30, 2, 1);
        table.Add("a", "a", [0f, 50f]);
        table.Add("a", "a", [-0f, 50f]);
        Assert.Equal(2, Scan(table).Result.Duplicates!.ExactRows);
    }

    [Fact]
    public void NearVectors_AreJoinedThroughOthersButAreNotExact()
    {
        EmbeddingTable table = EmbeddingTable.Random(60, 8, 1);
        table.Repeat(5, "a", "a", scale: 1.001f);
        table.Repeat(60, "a", "a", scale: 1.001f);
        ScanOutcome outcome = Scan(table, o => o with { Metric = VectorMetric.L2 });
        DuplicateResult duplicates = outcome.Result.Duplicates!;
        Assert.Equal((1, 3, 0), (duplicates.Sets, duplicates.Rows, duplicates.ExactRows));
        Assert.Equal(new DuplicateSetResult(0, 5, 3, 0, duplicates.Largest[0].Conflicting, false), Assert.Single(duplicates.Largest));
    }

    [Fact]
    public void EqualImagesAndTexts_AreDuplicatesWhateverTheirVectors()
    {
        EmbeddingTable table = EmbeddingTable.Random(40, 8, 1);
        table.Add("a", "a", Axis(0), text: "one");
        table.Add("a", "a", Axis(1), text: "one", image: [1, 2]);
        table.Add("a", "a", Axis(2), image: [1, 2]);
        table.Add("a", "a", Axis(3), text: "", image: []);
        table.Add("a", "a", Axis(4), text: "", image: []);
        table.Add("a", "a", null, text: "two", image: [1, 2, 3]);
        table.Add("a", "a", Axis(5), text: "two ");
        ScanOutcome outcome = Scan(table);
        DuplicateResult duplicates = outcome.Result.Duplicates!;
        Assert.Equal((1, 3, 3), (duplicates.Sets, duplicates.Rows, duplicates.ExactRows));
        Assert.Equal([40, 41, 42], outcome.Rows.Where(r => r.DuplicateSet is not null).Select(r => r.Row));
    }

    [Fact]
    public void DuplicatesWithDifferentLabels_Conflict_AndThoseWithoutALabelDoNot()
    {
        EmbeddingTable table = EmbeddingTable.Random(60, 8, 1);
        table.Add("a", "a", Axis(0));
        table.Add("b", "b", Axis(0));
        table.Add("a", "a", Axis(1));
        table.Add(null, "b", Axis(1));
        ScanResult result = Scan(table).Result;
        Assert.Equal((2, 1), (result.Duplicates!.Sets, result.Duplicates.ConflictingSets));
        Assert.Equal(1, Assert.Single(result.Findings, f => f.Code == "duplicates.conflicting_labels").Rows);
    }

    [Fact]
    public void SetThatSpansSplits_LeaksItsRowsOutsideTraining()
    {
        EmbeddingTable table = EmbeddingTable.Random(60, 8, 1);
        table.Add("a", "a", Axis(0), "Train");
        table.Add("a", "b", Axis(0), "test");
        table.Add("a", "a", Axis(1), "test");
        table.Add("a", "a", Axis(1), "test");
        table.Add("a", "a", Axis(2), "validation");
        table.Add("a", "a", Axis(2), "test");
        table.Add("a", "a", Axis(3), null);
        table.Add("a", "a", Axis(3), "test");
        ScanOutcome outcome = Scan(table);
        Assert.Equal([61, 64, 65], outcome.Rows.Where(r => r.Leak == true).Select(r => r.Row));
        DuplicateResult duplicates = outcome.Result.Duplicates!;
        Assert.Equal(3, duplicates.LeakedRows);
        Assert.Equal([false, false, true, true], duplicates.Largest.OrderBy(s => s.Leaked).Select(s => s.Leaked));
        RowResult[] kept = [.. outcome.Rows.Where(r => r.Leak == false)];
        Assert.Equal((double)kept.Count(r => r.Correct == true) / kept.Length, duplicates.AccuracyWithoutLeaks.Value);
        Assert.Equal(duplicates.AccuracyWithoutLeaks, duplicates.MetricsWithoutLeaks["accuracy"]);
        Assert.NotEqual(outcome.Result.Metrics["f1_macro"].Value, duplicates.MetricsWithoutLeaks["f1_macro"].Value);
        Assert.Contains("duplicates.leaked_rows==0", Assert.Single(outcome.Result.Findings, f => f.Code == "duplicates.leak").Action, StringComparison.Ordinal);
    }

    [Fact]
    public void FarRows_AreOutliersWithTheirOwnAccuracy()
    {
        EmbeddingTable table = EmbeddingTable.Random(200, 8, 2);
        for (int i = 0; i < 4; i++)
        {
            table.Add("a", "b", [.. Axis(i).Select(v => v * 1000)]);
        }

        ScanOutcome outcome = Scan(table, o => o with { Metric = VectorMetric.L2 });
        OutlierResult outliers = outcome.Result.Outliers!;
        Assert.Equal([200, 201, 202, 203], outliers.Rows.Order());
        Assert.Equal((4, 0.0), (outliers.Errors, outliers.Accuracy.Value));
        Assert.All(outcome.Rows, r => Assert.Equal(r.Row >= 200, r.Outlier));
        Assert.Contains(outcome.Result.Findings, f => f is { Code: "outliers.underperform", Rows: 4 });
    }

    [Fact]
    public void UnusableVectors_AreCountedAndHaveNoFigures()
    {
        EmbeddingTable table = EmbeddingTable.Random(40, 8, 3);
        table.Add("a", "a", null);
        table.Add("a", "a", [float.NaN, 0, 0, 0, 0, 0, 0, 0]);
        table.Add("a", "a", [float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0]);
        table.Add("a", "a", new float[8]);
        table.Add("a", "a", new float[8]);
        ScanOutcome outcome = Scan(table);
        Assert.Equal((3, 2), (outcome.Result.Excluded.NanEmbedding, outcome.Result.Excluded.ZeroEmbedding));
        Assert.Equal((40, 0), (outcome.Result.Neighbors!.Rows, outcome.Result.Duplicates!.Rows));
        Assert.All(
            outcome.Rows.Skip(40),
            r => Assert.True(r is { Outlier: null, OutlierScore: null, DuplicateSet: null, Leak: false, LabelAgreement: null, PredAgreement: null, Shapley: null }));
        Assert.DoesNotContain(outcome.Neighbors!, n => n.Neighbor is "r0040" or "r0041" or "r0042" or "r0043" or "r0044");
        Assert.Equal(3, Scan(table, o => o with { Metric = VectorMetric.L2 }).Result.Excluded.NanEmbedding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FewRows_AreNoFault(int rows)
    {
        ScanOutcome outcome = Scan(EmbeddingTable.Random(rows, 8, 4));
        Assert.Equal(rows == 1 ? 0 : 2, outcome.Result.Neighbors!.Rows);
        Assert.Equal(0, outcome.Result.Outliers!.Count);
    }

    [Fact]
    public void AllVectorsEqual_AreOneSetWithoutOutliers()
    {
        EmbeddingTable table = new();
        for (int i = 0; i < 50; i++)
        {
            table.Add("a", i == 0 ? "b" : "a", Axis(0));
        }

        ScanResult result = Scan(table).Result;
        Assert.Equal((1, 50, 0), (result.Duplicates!.Sets, result.Duplicates.Rows, result.Outliers!.Count));
        Assert.Equal(1.0, result.Neighbors!.LabelAgreement);
    }

    [Fact]
    public void AllVectorsNull_AreExcludedAndNothingElseIsSaid()
    {
        EmbeddingTable table = new();
        table.Add("a", "a", null);
        table.Add("b", "a", null);
        ScanOutcome outcome = Scan(table);
        Assert.Equal(2, outcome.Result.Excluded.NanEmbedding);
        Assert.Null(outcome.Result.Neighbors);
        Assert.Null(outcome.Neighbors);
    }

    [Fact]
    public void EmbeddingNone_LooksAtNoNeighbours()
    {
        ScanOutcome outcome = Scan(EmbeddingTable.Random(40, 8, 3), o => o with { Embedding = "none" });
        Assert.Null(outcome.Result.Neighbors);
        Assert.All(outcome.Rows, r => Assert.Null(r.Outlier));
    }

    [Fact]
    public void LabelAgainstModelAndNeighbours_IsContradicted()
    {
        EmbeddingTable table = EmbeddingTable.Random(300, 8, 5);
        table.Add("b", "a", [3, 0, 0, 0, 0, 0, 0, 0]);
        table.Add("b", "b", [3, 0, 0, 0, 0, 0, 0, 0.1f]);
        ScanOutcome outcome = Scan(table);
        Assert.Contains(300, outcome.Result.Neighbors!.ContradictedRows);
        Assert.DoesNotContain(301, outcome.Result.Neighbors.ContradictedRows);
        Assert.Contains(outcome.Result.Findings, f => f.Code == "labels.contradicted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RowOrder_IsNoticedWhenLikeRowsStandTogether(bool sorted)
    {
        Random random = new(6);
        EmbeddingTable table = new();
        for (int i = 0; i < 300; i++)
        {
            double angle = sorted ? i / 60.0 : random.NextDouble() * 5;
            table.Add("a", "a", [(float)Math.Cos(angle), (float)Math.Sin(angle)]);
        }

        ScanResult result = Scan(table).Result;
        RowOrderResult order = result.Neighbors!.Order!;
        Assert.Equal(sorted, order.PValue == 0.001);
        Assert.Equal(sorted, order.MeanRowDistance < 10);
        Assert.InRange(order.Expected, 97, 103);
        Assert.Equal(sorted, result.Findings.Any(f => f.Code == "rows.ordered"));
        Assert.InRange(order.PValue, 0.001, 1);
    }

    [Fact]
    public void RowsTable_SharesItsRoomAmongErrorsAndSuspects()
    {
        EmbeddingTable table = EmbeddingTable.Random(200, 8, 7);
        for (int i = 0; i < 30; i++)
        {
            table.Repeat(i, "a", "a", "test");
        }

        ScanOutcome whole = Scan(table);
        ScanOutcome outcome = Scan(table, o => o with { AllRows = false, MaxRows = 20 });
        Assert.Equal(20, outcome.Rows.Count());
        Assert.Equal(4, whole.Rows.Where(r => r.Leak == true).Take(4).Count(r => outcome.Rows.Any(o => o.Row == r.Row)));
        Assert.InRange(outcome.Rows.Count(r => r.Correct == false), 5, 15);
        Assert.Equal(20, Scan(table, o => o with { AllRows = false, MaxRows = 20, Gallery = 0 }).Neighbors!.Select(n => n.Query).Distinct().Count());
        Assert.Equal(outcome.Rows, whole.Rows.Where(r => outcome.Rows.Any(o => o.Row == r.Row)));
        Assert.Empty(Scan(table, o => o with { AllRows = false, MaxRows = 0 }).Rows);
    }

    private static float[] Axis(int dimension) => [.. Enumerable.Range(0, 8).Select(d => d == dimension ? -9f : 0)];

    private ScanOutcome Scan(EmbeddingTable table, Func<ScanOptions, ScanOptions>? change = null)
    {
        ScanOptions options = new() { Inputs = [table.Write(folder[$"{Guid.NewGuid():N}.parquet"])], Device = "cpu", AllRows = true };
        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(change is null ? options : change(options), null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }
}
