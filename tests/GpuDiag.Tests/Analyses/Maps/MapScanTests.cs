using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Reports.Tables;
using GpuDiag.Tests.Analyses.Embeddings;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Maps;

/// <summary>The map's table has the rows with coordinates, all or those of the smallest keys.</summary>
public sealed class MapScanTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Map_SaysOfARowWhatTheRowsTableSays()
    {
        ScanOutcome outcome = Scan(Options());
        RowResult[] rows = [.. outcome.Rows];
        Assert.Equal(rows.Where(r => r.X is not null), outcome.MapRows!.Rows.Select(r => r.Line));
        Assert.Equal(rows.Count(r => r is { Cause: not null, X: not null }), outcome.MapRows!.Rows.Count(r => r.Line.Cause is not null));
        Assert.Contains(outcome.MapRows!.Rows, r => r.Line is { Id: "r0000", Split: not null });
    }

    [Fact]
    public void FewerRows_AreSomeOfTheseWhateverTheCut()
    {
        ScanOptions options = Options() with { AllRows = false, MapRows = 60 };
        ScanOutcome some = Scan(options);
        Assert.Equal(60, some.MapRows!.Rows.Count);
        Assert.Equal(60, some.Result.Map!.TableRows);
        Assert.Equal(some.MapRows!.Rows.Select(r => r.Line.Row).Order(), some.MapRows!.Rows.Select(r => r.Line.Row));
        long[] fewer = [.. Scan(options with { MapRows = 20 }).MapRows!.Rows.Select(r => r.Line.Row)];
        Assert.Equal(20, fewer.Length);
        Assert.All(fewer, row => Assert.Contains(some.MapRows!.Rows, r => r.Line.Row == row));
        Assert.InRange(fewer.Count(r => r < 100), 3, 17);
        // Errors carry their causes, also those that the rows table does not show.
        Assert.All(Scan(options with { MaxRows = 1 }).MapRows!.Rows.Where(r => r.Line.Correct == false), r => Assert.NotNull(r.Line.Cause));

        EmbeddingTable table = Table();
        string[] parts = [table.Write(folder["p0.parquet"], 0, 90, 40), table.Write(folder["p1.parquet"], 90, table.Count, 31)];
        Assert.Equal(Bytes(some), Bytes(Scan(options with { Inputs = parts, Threads = 3 })));
        Assert.Equal(Bytes(some), Bytes(Scan(options with { Device = "simulator" })));
    }

    [Fact]
    public void NoEmbedding_GivesNoMap() => Assert.Null(Scan(Options() with { Embedding = "none" }).MapRows);

    private static EmbeddingTable Table()
    {
        EmbeddingTable table = EmbeddingTable.Random(200, 6, 9);
        table.Add("a", "b", null);
        return table;
    }

    private static ScanOutcome Scan(ScanOptions options) => GpuDiag.Analyses.Scan.Scan.Run(options, null, default);

    private static byte[] Bytes(ScanOutcome outcome)
    {
        using MemoryStream stream = new();
        MapTable.Of(outcome.MapRows!.Meta).Write(stream, outcome.MapRows!.Rows, default);
        return stream.ToArray();
    }

    private ScanOptions Options() => new() { Inputs = [Table().Write(folder["rows.parquet"])], Neighbors = 4, AllRows = true, Device = "cpu" };
}
