using System.Text.Json;
using GpuDiag.Scoring;
using GpuDiag.Tests.Analyses.Mining;
using GpuDiag.Tests.Columns;
using GpuDiag.Tests.Scoring;
using ParquetSharp;

namespace GpuDiag.Tests.Cli;

/// <summary><c>gpudiag retrain</c> from outside: the head, its predictions, labels that do not fit.</summary>
public sealed class RetrainProcessTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ClassFile test = new(120, 1, "t"), pool = new(300, 2, "p"), train = new(80, 3, "r");

    public RetrainProcessTests()
    {
        test.Write(folder["test.parquet"], "id label pred probs embedding");
        pool.Write(folder["pool.parquet"], "id embedding");
        train.Write(folder["train.parquet"], "id label embedding");
        Labels("labels.parquet", Enumerable.Range(0, 50).Select(i => (pool.Id[i * 3], (string?)pool.Label[i * 3])));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Head_IsScannedAndScored()
    {
        var run = Run("--labels", "labels.parquet", "--pool", "pool.parquet", "--test", "test.parquet", "--c", "1");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("A linear head for 3 classes on 8 dimensions, from 80 rows and 50 newly labelled ones", run.Text, StringComparison.Ordinal);
        Assert.Contains("test, before", run.Text, StringComparison.Ordinal);
        Assert.Equal(["classes.txt", "head.onnx", "report.html", "run.json", "summary.json", "test.parquet", "train.parquet"], Directory.GetFiles(folder["gpudiag-retrain"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var summary = JsonDocument.Parse(File.ReadAllBytes(folder["gpudiag-retrain/summary.json"]));
        Assert.True(summary.RootElement.GetProperty("converged").GetBoolean());

        // scan finds the accuracies that retrain told, of test and, out of fold, of all rows learnt from.
        foreach (var (file, told) in new[] { ("test", summary.RootElement.GetProperty("test").GetProperty("accuracy")), ("train", summary.RootElement.GetProperty("out_of_fold_accuracy")) })
        {
            Assert.Equal(0, Gpudiag.Run(folder.Root, "scan", $"gpudiag-retrain/{file}.parquet", "--classes", "gpudiag-retrain/classes.txt", "--quiet", "--device", "cpu", "--embedding", "none", "--out", file).Code);
            using var scan = JsonDocument.Parse(File.ReadAllBytes(folder[$"{file}/summary.json"]));
            Assert.Equal(told.GetProperty("value").GetDouble(), scan.RootElement.GetProperty("metrics").GetProperty("accuracy").GetProperty("value").GetDouble());
        }

        // score runs the head, and finds the probabilities that retrain wrote.
        Assert.Equal(0, Gpudiag.Run(folder.Root, "score", "gpudiag-retrain/head.onnx", "test.parquet", "--device", "cpu", "--quiet").Code);
        float[][] ours = Lists(folder["gpudiag-retrain/test.parquet"], "probs"), scored = Lists(Directory.GetFiles(folder["gpudiag-score/predictions"]).Single(), "probs");
        Assert.Equal(120, ours.Length);
        for (int i = 0; i < ours.Length; i++)
            Assert.All(ours[i].Zip(scored[i]), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void CutIntoFilesAndThreads_DoNotShow()
    {
        Directory.CreateDirectory(folder["cut"]);
        train.Write(folder["cut/a.parquet"], "id label embedding", 0, 33);
        train.Write(folder["cut/b.parquet"], "id label embedding", 33);
        Assert.Equal(0, Run("--labels", "labels.parquet", "--pool", "pool.parquet", "--test", "test.parquet", "--threads", "1", "--quiet").Code);
        Assert.Equal(0, Gpudiag.Run(folder.Root, "retrain", "--train", "cut", "--labels", "labels.parquet", "--pool", "pool.parquet", "--test", "test.parquet", "--threads", "3", "--quiet", "--out", "other").Code);
        foreach (string file in new[] { "head.onnx", "test.parquet", "train.parquet", "summary.json" })
            Assert.Equal(WrittenFiles.WithoutProvenance(folder[$"gpudiag-retrain/{file}"]), WrittenFiles.WithoutProvenance(folder[$"other/{file}"]));
    }

    [Fact]
    public void LabelsThatDoNotFit_AreSaid()
    {
        Labels("unknown.parquet", [(pool.Id[0], "cat"), ("nobody", "dog")]);
        Labels("partly.parquet", [(pool.Id[0], "cat"), (pool.Id[1], null), (train.Id[0], "owl"), (pool.Id[2], "owl")]);
        Labels("torn.parquet", [(pool.Id[0], "cat"), (pool.Id[0], "dog")]);
        EmbeddingFile.Write(folder["five.parquet"], EmbeddingFile.Vectors(300, 5), pool.Id);
        EmbeddingFile.Write(folder["unlabelled.parquet"], EmbeddingFile.Vectors(30, 8));
        Refused("1 of 2 labels are for ids that neither pool.parquet nor the training set has, the first is 'nobody'", "--labels", "unknown.parquet", "--pool", "pool.parquet");
        Refused("no --pool is given", "--labels", "labels.parquet");
        Refused("is labelled 'cat' and 'dog'", "--labels", "torn.parquet", "--pool", "pool.parquet");
        Refused("has vectors of 5 dimensions, but the training set", "--labels", "labels.parquet", "--pool", "five.parquet");
        Refused("the labels have no column of labels", "--labels", "pool.parquet", "--pool", "pool.parquet");
        Refused("--pool is given without --labels", "--pool", "pool.parquet");
        Refused("is no folder of a scan", "--cases", "train.parquet");
        Refused("is neither auto nor a number", "--c", "0");
        Refused("--folds: '1' is out of range", "--folds", "1");
        Refused("five.parquet: column 'embedding': has vectors of 5 dimensions", "--test", "five.parquet");
        var none = Gpudiag.Run(folder.Root, "retrain", "--train", "unlabelled.parquet");
        Assert.Equal(2, none.Code);
        Assert.Contains("the training set has no column of labels", none.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["gpudiag-retrain"]));

        var skipped = Run("--labels", "unknown.parquet", "--pool", "pool.parquet", "--on-error", "skip", "--c", "1", "--test", "test.parquet");
        Assert.Equal(4, skipped.Code);
        Assert.Contains("Left out: 1 labels of ids that neither pool nor training set has", skipped.Text, StringComparison.Ordinal);

        var partly = Run("--labels", "partly.parquet", "--pool", "pool.parquet", "--c", "1");
        Assert.Equal((0, ""), (partly.Code, partly.Errors));
        Assert.Contains("for 4 classes", partly.Text, StringComparison.Ordinal);
        Assert.Contains("New classes, which the old training set did not have: owl", partly.Text, StringComparison.Ordinal);
        Assert.Contains("1 training rows have another label now", partly.Text, StringComparison.Ordinal);
        Assert.Contains("1 rows are not labelled yet", partly.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["gpudiag-retrain/test.parquet"]));
    }

    [Fact]
    public void Warm_GoesOnFromAnEarlierHeadAtItsStrength()
    {
        string[] more = ["--labels", "labels.parquet", "--pool", "pool.parquet", "--test", "test.parquet"];
        Assert.Equal(0, Run("--c", "3", "--quiet").Code);
        Assert.Equal(0, Run([.. more, "--c", "3", "--quiet", "--out", "cold"]).Code);
        var warm = Run([.. more, "--warm", "gpudiag-retrain/head.onnx", "--out", "warm"]);
        Assert.Equal((0, ""), (warm.Code, warm.Errors));
        Assert.Contains("Started from an earlier head, which knows 3 of the 3 classes\nL2: C = 3 (not searched for)", warm.Text, StringComparison.Ordinal);
        using JsonDocument slow = JsonDocument.Parse(File.ReadAllBytes(folder["cold/summary.json"])), fast = JsonDocument.Parse(File.ReadAllBytes(folder["warm/summary.json"]));
        Assert.InRange(fast.RootElement.GetProperty("steps").GetInt32(), 1, slow.RootElement.GetProperty("steps").GetInt32() - 1);
        foreach (var (cold, again) in Lists(folder["cold/test.parquet"], "probs").Zip(Lists(folder["warm/test.parquet"], "probs")))
            Assert.All(cold.Zip(again), p => Assert.Equal(p.First, p.Second, 1e-6));

        // A head of other classes: what it does not know starts at 0.
        float[] weights = [.. Enumerable.Range(0, 16).Select(i => i / 10f)];
        LinearHeadModel.Write(folder["other.onnx"], weights, [0, 1], ["cat", "yak"]);
        Assert.Contains("which knows 1 of the 3 classes", Run("--warm", "other.onnx", "--c", "3", "--out", "other").Text, StringComparison.Ordinal);
        Refused("other.onnx: does not say at which C it was fitted", "--warm", "other.onnx");
        LinearHeadModel.Write(folder["narrow.onnx"], weights, [0, 1, 2, 3], ["a", "b", "c", "d"]);
        Refused("narrow.onnx: is for vectors of 4 dimensions, but the training set has 8", "--warm", "narrow.onnx", "--c", "1");
        LinearHeadModel.Write(folder["broken.onnx"], weights, [0, float.NaN], ["a", "b"]);
        Refused("broken.onnx: has weights that are no finite numbers", "--warm", "broken.onnx", "--c", "1");
        Refused("train.parquet: is no ONNX model", "--warm", "train.parquet", "--c", "1");
        TestModels.Node("Identity", "float N 8", "float N 8").Save(folder["net.onnx"]);
        Refused("net.onnx: is no head that gpudiag retrain wrote", "--warm", "net.onnx", "--c", "1");
        Refused("nowhere.onnx", "--warm", "nowhere.onnx", "--c", "1");
    }

    private void Labels(string name, IEnumerable<(string Id, string? Label)> labels)
    {
        using ParquetFileWriter writer = new(folder[name], [new Column<string>("id"), new Column<string?>("label")]);
        using RowGroupWriter group = writer.AppendRowGroup();
        using (var ids = group.NextColumn().LogicalWriter<string>())
            ids.WriteBatch([.. labels.Select(l => l.Id)]);
        using (var texts = group.NextColumn().LogicalWriter<string?>())
            texts.WriteBatch([.. labels.Select(l => l.Label)]);
        writer.Close();
    }

    private static float[][] Lists(string file, string column)
    {
        using ParquetFileReader reader = new(file);
        using RowGroupReader group = reader.RowGroup(0);
        int at = Enumerable.Range(0, reader.FileMetaData.NumColumns).First(i => reader.FileMetaData.Schema.Column(i).Path.ToDotVector()[0] == column);
        return [.. group.Column(at).LogicalReader<float[]>().ReadAll((int)group.MetaData.NumRows)];
    }

    private Gpudiag.Output Run(params string[] args) => Gpudiag.Run(folder.Root, ["retrain", "--train", "train.parquet", .. args]);

    private void Refused(string says, params string[] args)
    {
        var run = Run(args);
        Assert.Equal(2, run.Code);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
