using System.Text.Json;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag knn</c> from outside: the table, what is left out, and what is refused.</summary>
public sealed class KnnProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("l2")]
    [InlineData("cosine")]
    [InlineData("ip")]
    public void Table_HoldsTheNearestByDistanceThenRow(string metric)
    {
        float[]?[] queries = EmbeddingFile.Vectors(30, 5), searched = EmbeddingFile.Vectors(200, 5, 2);
        EmbeddingFile.Write(folder["q.parquet"], queries);
        EmbeddingFile.Write(folder["b.parquet"], searched);
        Done("knn", "q.parquet", "b.parquet", "--k", "7", "--metric", metric);
        var table = EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]);
        Assert.Equal(Enumerable.Range(0, 30).SelectMany(q => Enumerable.Repeat($"{q}", 7)), table.Query);
        Assert.Equal(Enumerable.Range(0, 30).SelectMany(_ => Enumerable.Range(1, 7)), table.Rank);
        for (int q = 0; q < 30; q++)
        {
            double[] distances = [.. searched.Select(b => Distance(metric, queries[q]!, b!))];
            double[] sorted = metric == "ip" ? [.. distances.OrderDescending()] : [.. distances.Order()];
            for (int i = 0; i < 7; i++)
            {
                int at = (q * 7) + i;
                Assert.Equal(sorted[i], table.Distance[at], 1e-12);
                Assert.Equal(sorted[i], distances[int.Parse(table.Neighbor[at])], 1e-12);
                Assert.True(i == 0 || table.Distance[at] != table.Distance[at - 1] || int.Parse(table.Neighbor[at]) > int.Parse(table.Neighbor[at - 1]));
            }
        }
    }

    [Fact]
    public void WithoutABase_NoRowIsItsOwnNeighbor()
    {
        float[]?[] vectors = EmbeddingFile.Vectors(40, 3);
        EmbeddingFile.Write(folder["v.parquet"], vectors, [.. vectors.Select((_, i) => $"v{i}")]);
        var run = Done("knn", "v.parquet", "--k", "39");
        Assert.Contains("40 vectors among themselves, 3 dimensions, l2, k = 39", run.Text, StringComparison.Ordinal);
        var table = EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]);
        Assert.Equal(40 * 39, table.Query.Length);
        Assert.DoesNotContain(true, table.Query.Zip(table.Neighbor, (q, n) => q == n));
        Assert.Equal(39, table.Neighbor.Where((_, i) => table.Query[i] == "v0").Distinct().Count());
    }

    [Fact]
    public void EveryKindOfFile_AndEveryResidence_GivesTheSameTable()
    {
        float[]?[] vectors = EmbeddingFile.Vectors(500, 6);
        float[] flat = [.. vectors.SelectMany(v => v!)];
        EmbeddingFile.Write(folder["v.parquet"], vectors);
        NpyTests.Write(folder["f4.npy"], "<f4", "(500, 6)", flat);
        NpyTests.Write(folder["f2.npy"], "<f2", "(500, 6)", Array.ConvertAll(flat, v => (Half)v));
        NpyTests.Write(folder["f8.npy"], "<f8", "(500, 6)", Array.ConvertAll(flat, v => (double)v));
        NpyTests.Write(folder["a1.npy"], "<f4", "(200, 6)", flat[..1200]);
        NpyTests.Write(folder["a2.npy"], "<f4", "(300, 6)", flat[1200..]);
        byte[]? expected = null;
        foreach (string data in new[] { "v.parquet", "f4.npy", "f2.npy", "f8.npy", "a*.npy" })
        {
            Done("knn", data, "--threads", data == "f2.npy" ? "1" : "2");
            byte[] table = File.ReadAllBytes(folder["gpudiag-knn/neighbors.parquet"]);
            Assert.Equal(expected ??= table, table);
        }
    }

    [Fact]
    public void VectorsBesideTheData_AreNamedByItsIds()
    {
        float[]?[] vectors = EmbeddingFile.Vectors(20, 4);
        EmbeddingFile.Write(folder["meta.parquet"], vectors, [.. vectors.Select((_, i) => $"row{i:00}")], "unused");
        NpyTests.Write(folder["v.npy"], "<f4", "(20, 4)", [.. vectors.SelectMany(v => v!)]);
        Done("knn", "meta.parquet", "v.npy", "--embedding", "v.npy", "--k", "1", "--metric", "l2");
        var table = EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"row{i:00}"), table.Query);
        Assert.All(table.Distance, d => Assert.Equal(0, d));
        Assert.Equal("0", table.Neighbor[0]);
    }

    [Fact]
    public void ExcludeSelf_GoesByRowNumber()
    {
        EmbeddingFile.Write(folder["a.parquet"], EmbeddingFile.Vectors(20, 4));
        Done("knn", "a.parquet", "a.parquet", "--k", "1", "--exclude-self");
        Assert.DoesNotContain(0.0, EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]).Distance);
        Done("knn", "a.parquet", "--base", "a.parquet", "--k", "1");
        Assert.All(EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]).Distance, d => Assert.Equal(0, d));
    }

    [Fact]
    public void VectorsWithoutANeighbor_AreCountedAndSaid()
    {
        float[]?[] vectors = EmbeddingFile.Vectors(12, 4);
        (vectors[3], vectors[5], vectors[7]) = (null, [1, float.NaN, 1, 1], [0, 0, 0, 0]);
        EmbeddingFile.Write(folder["v.parquet"], vectors);
        var run = Done("knn", "v.parquet", "--k", "10");
        Assert.Contains("1 of the queries without a vector, 2 of the queries with NaN, infinite or", run.Text, StringComparison.Ordinal);
        Assert.Contains("9 queries have fewer than 10 neighbours: the base has no more", run.Text, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(folder["gpudiag-knn/summary.json"])).RootElement;
        Assert.Equal("""{"null_vector":1,"unusable_vector":2}""", summary.GetProperty("excluded").GetProperty("base").GetRawText());
        Assert.Equal((72, 9), (summary.GetProperty("neighbors").GetInt32(), summary.GetProperty("short_lists").GetInt32()));
        Assert.Equal(File.ReadAllText(folder["gpudiag-knn/summary.json"]), Done("knn", "v.parquet", "--k", "10", "--format", "json").Text);
    }

    [Fact]
    public void EqualVectors_AreOrderedByRow()
    {
        EmbeddingFile.Write(folder["v.parquet"], [.. Enumerable.Repeat(new float[] { 1, 2, 3, 4 }, 6)]);
        Done("knn", "v.parquet", "--k", "2");
        var table = EmbeddingFile.ReadNeighbors(folder["gpudiag-knn/neighbors.parquet"]);
        Assert.Equal(["1", "2", "0", "2", "0", "1"], table.Neighbor[..6]);
        Assert.All(table.Distance, d => Assert.Equal(0, d));
    }

    [Fact]
    public void SmallMemory_SpillsToAFileThatIsGoneAfterwards()
    {
        float[]?[] vectors = EmbeddingFile.Vectors(3_000, 1_000);
        EmbeddingFile.Write(folder["q.parquet"], vectors[..20]);
        EmbeddingFile.Write(folder["v.parquet"], vectors);
        Done("knn", "q.parquet", "v.parquet", "--k", "2", "--memory", "16M", "--scratch", ".");
        string run = File.ReadAllText(folder["gpudiag-knn/run.json"]);
        Assert.Contains("\"residence\":\"scratch\",\"bytes\":12000000", run, StringComparison.Ordinal);
        byte[] table = File.ReadAllBytes(folder["gpudiag-knn/neighbors.parquet"]);
        Done("knn", "q.parquet", "v.parquet", "--k", "2");
        Assert.DoesNotContain("scratch", File.ReadAllText(folder["gpudiag-knn/run.json"]), StringComparison.Ordinal);
        Assert.Equal(table, File.ReadAllBytes(folder["gpudiag-knn/neighbors.parquet"]));
        Assert.Equal([folder["gpudiag-knn"], folder["q.parquet"], folder["v.parquet"]], Directory.GetFileSystemEntries(folder.Root).Order());
    }

    [Fact]
    public void WrongInput_SaysWhatToDo()
    {
        EmbeddingFile.Write(folder["four.parquet"], EmbeddingFile.Vectors(5, 4));
        EmbeddingFile.Write(folder["five.parquet"], EmbeddingFile.Vectors(5, 5));
        EmbeddingFile.Write(folder["mixed.parquet"], [[1, 2], [1, 2, 3]]);
        EmbeddingFile.Write(folder["empty.parquet"], [[], []]);
        EmbeddingFile.Write(folder["null.parquet"], [null, null]);
        EmbeddingFile.Write(folder["none.parquet"], []);
        EmbeddingFile.Write(folder["twice.parquet"], EmbeddingFile.Vectors(3, 2), ["a", "b", "a"]);
        EmbeddingFile.Write(folder["nameless.parquet"], EmbeddingFile.Vectors(3, 2), ["a", null, "c"]);
        PredictionFile.WriteOnly(folder.Root, "text.parquet", "t", 4);
        NpyTests.Write(folder["flat.npy"], "<f4", "(4,)", new float[4]);
        Refused("five.parquet: column 'embedding': has vectors of 5 dimensions, but the queries in four.parquet have 4", "four.parquet", "five.parquet");
        Refused("mixed.parquet: column 'embedding': row 1 has more values where others have 2", "mixed.parquet");
        Refused("values where other files have", "f*.parquet");
        Refused("row 0 has an empty list", "empty.parquet");
        Refused("every vector is null", "null.parquet");
        Refused("there are no rows", "none.parquet");
        Refused("twice.parquet: column 'id': the id 'a' is there twice, in row 0 of twice.parquet and in row 2", "twice.parquet");
        Refused("row 1 has no id", "nameless.parquet");
        Refused("no column holds a list of numbers per row", "text.parquet");
        Refused("no column holds a list of numbers per row", "flat.npy");
        Refused("there is no such column (asked for by --embedding)", "four.parquet", "--embedding", "vec");
        Refused("is string, not a list of numbers per row", "text.parquet", "--embedding", "t");
        Refused("no such file", "four.parquet", "absent.parquet");
        Refused("--k: '0' is out of range", "four.parquet", "--k", "0");
        Refused("'hamming' is none of cosine, l2, ip", "four.parquet", "--metric", "hamming");
        Refused("which are queries and which are the base is not said", "four.parquet", "five.parquet", "null.parquet");
        Refused("no data is given");
        Assert.False(Directory.Exists(folder["gpudiag-knn"]));
        Assert.Equal(0, Gpudiag.Run(folder.Root, "knn", "twice.parquet", "--id", "none").Code);
    }

    private static double Distance(string metric, float[] a, float[] b)
    {
        double dot = a.Zip(b, (x, y) => (double)x * y).Sum();
        double squaredA = a.Sum(x => (double)x * x), squaredB = b.Sum(x => (double)x * x);
        return metric switch
        {
            "ip" => dot,
            "l2" => Math.Sqrt(squaredA + squaredB - (2 * dot)),
            _ => 1 - (dot / Math.Sqrt(squaredA * squaredB)),
        };
    }

    private Gpudiag.Output Done(params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, [.. args, "--device", "cpu"]);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        return run;
    }

    private void Refused(string message, params string[] args)
    {
        var run = Gpudiag.Run(folder.Root, ["knn", .. args]);
        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains("\n  ", run.Errors, StringComparison.Ordinal);
    }
}
