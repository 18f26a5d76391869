using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Reports.Compare;
using GpuDiag.Reports.Gates;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>Clusters of a comparison: where they come from, and that each is compared as any other group of rows.</summary>
public sealed class CompareClustersTests : IDisposable
{
    private const int Rows = 600, Heaps = 5;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Clusters_OfTheEmbeddingAreThoseOfAScan_EachComparedAsOne()
    {
        string before = Before(embedding: true);
        CompareResult result = Compare(before, o => o with { Clusters = Heaps });
        ScanResult scan = GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [before], Device = "cpu", Clusters = Heaps }, null, default).Result;

        Assert.Equal(new ClusterOrigin("embedding", "embedding", "l2", null) { Excluded = 6 }, result.ClusterOrigin);
        Assert.Equal(scan.Clusters!.OrderBy(c => c.Cluster).Select(c => (c.Cluster, c.Rows, c.Medoid)), result.Clusters!.OrderBy(c => c.Cluster).Select(c => (c.Cluster, c.Group.Table.Rows, c.Medoid!.Value)));
        Assert.Equal(
            Enumerable.Range(0, Heaps).Select(h => Table(i => i % 100 != 0 && Heap(i) == h)).Order(ByRows),
            result.Clusters!.Select(c => c.Group.Table).Order(ByRows));
        Assert.Equal(
            BenjaminiHochberg.QValues([.. result.Clusters!.Select(c => McNemar.PValue(c.Group.Table.OnlyBefore, c.Group.Table.OnlyAfter))]),
            result.Clusters!.Select(c => c.Group.QValue!.Value));

        // Heap 2 breaks as a whole; it is said what its rows are, and into what they break.
        ClusterPair worst = result.Clusters![0];
        Assert.Equal(2, Heap((int)worst.Medoid!.Value));
        Assert.Equal(CompareVerdict.Worse, worst.Group.Verdict);
        Assert.Equal("h2", worst.OverRepresented[0].Value);
        Assert.Equal(("cat", "dog"), (worst.Broken!.Label, worst.Broken.Pred));
        Assert.Contains(result.Regressions, r => r.Kind == "cluster" && r.Group == $"{worst.Cluster}" && r.Table == worst.Group.Table);
        Assert.Equal([true, false, false], CompareGates.Judge(
            [Gate.Parse($"clusters[{worst.Cluster}].delta.accuracy.high<0"), Gate.Parse($"clusters[cluster={worst.Cluster}].rows==0"), Gate.Parse("clusters[99].rows>=0")], result).Select(v => v.Passed));
    }

    [Fact]
    public void Clusters_OfAScanAreTakenById_WhereItKeptAllRows()
    {
        string before = Before(embedding: false);
        Assert.Null(Compare(before, o => o).ClusterOrigin);

        int[] order = [.. Enumerable.Range(0, Rows)];
        new Random(1).Shuffle(order);
        string scan = Scanned(order);
        CompareResult result = Compare(before, o => o, scan);
        Assert.Equal(new ClusterOrigin("scan", scan, null, null) { Excluded = 6 }, result.ClusterOrigin);
        Assert.Equal(Enumerable.Range(0, Heaps).Select(h => (h, Table(i => i % 100 != 0 && Heap(i) == h))), result.Clusters!.OrderBy(c => c.Cluster).Select(c => (c.Cluster, c.Group.Table)));

        // What a scan shows by default was chosen for failing, so no cluster of it is compared.
        result = Compare(before, o => o, Scanned([.. order.Where(i => !Right(i, after: false))]));
        Assert.Null(result.Clusters);
        Assert.Contains("chosen for failing", result.ClusterOrigin!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Regressions, r => r.Kind == "cluster");

        string Scanned(int[] rows)
        {
            string path = folder[$"scan{rows.Length}"];
            Directory.CreateDirectory(path);
            CompareFile.Write(
                Path.Combine(path, "rows.parquet"),
                ("row", rows.Select(i => (long)i).ToArray()),
                ("id", rows.Select(i => $"{i}").ToArray()),
                ("correct", rows.Select(i => (bool?)Right(i, after: false)).ToArray()),
                ("cluster", rows.Select(i => i % 100 == 0 ? (int?)null : Heap(i)).ToArray()));
            return path;
        }
    }

    [Fact]
    public void Clusters_AreNone_WhereVectorsAreNullOrOfSeveralLengths()
    {
        CompareFile.Write(
            folder["null.parquet"], ("id", All(i => i)), ("label", All(Label)), ("pred", All(i => Pred(i, false))), ("embedding", All(_ => (float[]?)null)));
        CompareResult result = Compare(folder["null.parquet"], o => o);
        Assert.Null(result.Clusters);
        Assert.Equal("every vector is null", result.ClusterOrigin!.Reason);

        // A column of such a name that is no embedding is no reason to compare nothing, unless it was asked for.
        CompareFile.Write(
            folder["ragged.parquet"], ("id", All(i => i)), ("label", All(Label)), ("pred", All(i => Pred(i, false))), ("features", All(i => new float[1 + (i % 2)])));
        result = Compare(folder["ragged.parquet"], o => o);
        Assert.Equal(Rows, result.Overall.Table.Rows);
        Assert.Contains("cannot be read", result.ClusterOrigin!.Reason, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Compare(folder["ragged.parquet"], o => o with { Embedding = "features" }));
    }

    private static readonly IComparer<PairTable> ByRows = Comparer<PairTable>.Create((a, b) => (a.BothRight, a.OnlyBefore, a.OnlyAfter, a.BothWrong).CompareTo((b.BothRight, b.OnlyBefore, b.OnlyAfter, b.BothWrong)));

    private static int Heap(int i) => i % 37 % Heaps;

    private static string Label(int i) => i % 2 == 0 ? "cat" : "dog";

    private static bool Right(int i, bool after) => after && Heap(i) == 2 && i % 2 == 0 ? i % 3 == 0 : i % (after ? 11 : 7) != 0;

    private static string Pred(int i, bool after) => Right(i, after) ? Label(i) : Label(i + 1);

    private static T[] All<T>(Func<int, T> of) => [.. Enumerable.Range(0, Rows).Select(of)];

    private static PairTable Table(Func<int, bool> member)
    {
        (bool, bool)[] rows = [.. Enumerable.Range(0, Rows).Where(member).Select(i => (Right(i, false), Right(i, true)))];
        return new PairTable(rows.Count(r => r == (true, true)), rows.Count(r => r == (true, false)), rows.Count(r => r == (false, true)), rows.Count(r => r == (false, false)));
    }

    private string Before(bool embedding) => CompareFile.Write(
        folder["before.parquet"],
        [
            ("id", All(i => i)), ("label", All(Label)), ("pred", All(i => Pred(i, false))), ("heap", All(i => $"h{Heap(i)}")),
            .. embedding ? [("embedding", All(i => i % 100 == 0 ? null : new float[] { (Heap(i) * 10) + (i % 8 / 8f), Heap(i) % 2 * 7 }))] : ((string, Array)[])[],
        ]);

    private CompareResult Compare(string before, Func<ScanOptions, ScanOptions> change, string? cases = null)
    {
        string after = CompareFile.Write(folder["after.parquet"], ("id", All(i => Rows - 1 - i)), ("pred", All(i => Pred(Rows - 1 - i, true))));
        return Comparison.Run(
            new CompareOptions { Before = change(new ScanOptions { Inputs = [before], Device = "cpu" }), After = [after], Scratch = folder.Root, Cases = cases }, null, default).Result;
    }
}
