using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Tests.Columns;
using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Embeddings;

/// <summary>Embeddings that cannot be used are refused by row, and ids that repeat are told apart.</summary>
public sealed class BadEmbeddingTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OtherLength_IsRefusedByRow() => Refused("row 2 has more values where others have 2", [[1, 2], null, [1, 2, 3]]);

    [Fact]
    public void NoDimensions_AreRefusedByRow() => Refused("row 0 has an empty list", [[], []]);

    [Fact]
    public void EmptyListAmongOthers_IsRefusedByRow() => Refused("row 1 has 0 values where others have 2", [[1, 2], []]);

    [Fact]
    public void BaseSmallerThanK_GivesAllThereAre()
    {
        RowNeighbor[] neighbors = [.. Scan(["a", "b", "c"], [[1, 0], [0, 1], [1, 1]]).Neighbors!];
        Assert.Equal([("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1), ("c", 2)], neighbors.Select(n => (n.Query, n.Rank)));
    }

    [Fact]
    public void IdsThatRepeat_AreFollowedByTheirRow()
    {
        RowNeighbor[] neighbors = [.. Scan(["a", "b", "a", null], [[1, 0], [0, 1], [1, 0.1f], [1, 0.2f]]).Neighbors!];
        Assert.Equal(["a (row 0)", "b", "a (row 2)", "3"], neighbors.Select(n => n.Query).Distinct());
        Assert.Equal("a (row 2)", neighbors[0].Neighbor);
    }

    private void Refused(string message, float[]?[] vectors)
    {
        InputException fault = Assert.Throws<InputException>(() => Scan([.. vectors.Select((_, i) => $"r{i}")], vectors));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(("embedding", true, true), (fault.Column, fault.File is not null, fault.Remedy is not null));
    }

    private ScanOutcome Scan(string?[] ids, float[]?[] vectors)
    {
        string path = folder[$"{Guid.NewGuid():N}.parquet"];
        using (ParquetFileWriter file = new(path, [new Column<string?>("id"), new Column<string>("label"), new Column<string>("pred"), new Column<float[]?>("embedding")]))
        {
            using RowGroupWriter group = file.AppendRowGroup();
            Put(group, ids);
            Put(group, Array.ConvertAll(ids, _ => "x"));
            Put(group, Array.ConvertAll(ids, _ => "y"));
            Put(group, vectors);
            file.Close();
        }

        ScanOutcome outcome = GpuDiag.Analyses.Scan.Scan.Run(new ScanOptions { Inputs = [path], Device = "cpu" }, null, default);
        return outcome with { Rows = [.. outcome.Rows] };
    }

    private static void Put<T>(RowGroupWriter group, T[] values)
    {
        using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }
}
