using System.Text;
using GpuDiag.Scoring;
using GpuDiag.Scoring.Models;
using GpuDiag.Tests.Columns;
using Onnx;

namespace GpuDiag.Tests.Scoring;

/// <summary>Models that can't be run, or must not, are refused with the reason, before ONNX Runtime reads any other file.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "is no ONNX model")]
    [InlineData("hello, this is text", "is no ONNX model")]
    [InlineData("\u0008\u0007", "it has no graph")]
    public void WhatIsNoModel_IsRefused(string content, string reason)
    {
        File.WriteAllBytes(folder["m.onnx"], Encoding.Latin1.GetBytes(content));
        Refused(folder["m.onnx"], reason);
    }

    [Fact]
    public void MissingFile_IsRefused() => Refused(folder["none.onnx"], "no such file");

    [Fact]
    public void HugeFile_IsRefusedUnread()
    {
        using (var file = File.Create(folder["huge.onnx"]))
            file.SetLength((1L << 31) + 1); // Takes no room: nothing is written.
        Refused(folder["huge.onnx"], "larger than the 2 GB");
    }

    [Fact]
    public void DeepModel_IsRefused()
    {
        byte[] graph = [];
        for (int i = 0; i < 300; i++)
            graph = Field(1, Field(5, Field(6, graph))); // node, attribute, g: a graph in a graph
        File.WriteAllBytes(folder["deep.onnx"], Field(7, graph));
        Refused(folder["deep.onnx"], "is no ONNX model");

        static byte[] Field(int number, byte[] content)
        {
            using var stream = new MemoryStream();
            using (var output = new Google.Protobuf.CodedOutputStream(stream, leaveOpen: true))
            {
                output.WriteTag(number, Google.Protobuf.WireFormat.WireType.LengthDelimited);
                output.WriteBytes(Google.Protobuf.ByteString.CopyFrom(content));
            }
            return stream.ToArray();
        }
    }

    [Fact]
    public void DamagedModel_IsRefusedOrRuns()
    {
        byte[] whole = File.ReadAllBytes(DigitsModel.Model);
        var random = new Random(11);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int k = 0; k < 3 && i % 2 == 1; k++)
                damaged[random.Next(damaged.Length / 4)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["m.onnx"], damaged);
            try
            {
                using var model = OnnxModel.Open(ModelFile.Read(folder["m.onnx"]), "cpu");
            }
            catch (InputException)
            {
            }
        }
    }

    [Theory]
    [InlineData("../w.bin", "outside the model's folder")]
    [InlineData("a/../../w.bin", "outside the model's folder")]
    [InlineData("..\\w.bin", "outside the model's folder")]
    [InlineData("/etc/hostname", "outside the model's folder")]
    [InlineData("C:\\w.bin", "outside the model's folder")]
    [InlineData("", "a file without a name")]
    [InlineData("nothing.bin", "which is not there")]
    [InlineData("link.bin", "a link that leads outside")]
    [InlineData("up/w.bin", "a link that leads outside")]
    public void WeightsElsewhere_AreRefused(string location, string reason)
    {
        Directory.CreateDirectory(folder["m"]);
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(folder["m/link.bin"], folder["w.bin"]);
            Directory.CreateSymbolicLink(folder["m/up"], folder.Root);
        }
        Refused(TestModels.External(location, 0, 16).Save(folder["m/m.onnx"]), reason);
    }

    /// <summary>A tensor may stand in a subgraph's constant, in a sparse tensor, in a function: none may name a file outside.</summary>
    [Fact]
    public void WeightsElsewhere_AreFoundWhereverATensorStands()
    {
        TensorProto Outside() => TestModels.External("../w.bin", 0, 16).Graph.Initializer[0];
        Action<ModelProto>[] places =
        [
            m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Outside() }),
            m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "values", Type = AttributeProto.Types.AttributeType.Tensors, Tensors = { Outside() } }),
            m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = new GraphProto { Initializer = { Outside() } } }),
            m => m.Graph.SparseInitializer.Add(new SparseTensorProto { Values = Outside() }),
            m => m.Functions.Add(new FunctionProto { Node = { new NodeProto { Attribute = { new AttributeProto { T = Outside() } } } } }),
            m => m.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new GraphProto { Initializer = { Outside() } } }),
        ];
        foreach (var place in places)
        {
            var model = TestModels.Node("Identity", "float N 2", "float N 2");
            place(model);
            Refused(model.Save(folder["m.onnx"]), "outside the model's folder");
        }
    }

    [Theory]
    [InlineData(0, 17)]
    [InlineData(8, 16)]
    [InlineData(1L << 62, 16)]
    [InlineData(-5, 16)]
    public void WeightsBeyondTheirFile_AreRefused(long offset, long length)
    {
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        Refused(TestModels.External("w.bin", offset, length).Save(folder["m.onnx"]), "beyond its end");
    }

    [Fact]
    public void WeightsBesideTheModel_AreRead()
    {
        byte[] weights = new byte[16 + 8];
        Buffer.BlockCopy(new float[] { 1, 2, 3, 4 }, 0, weights, 8, 16);
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllBytes(folder["data/w.bin"], weights);
        string model = TestModels.External("data/w.bin", 8, 16).Save(folder["m.onnx"]);
        NpyTests.Write(folder["x.npy"], "<f4", "(2, 2)", new float[] { 1, 1, 0, 2 });
        using (ParquetSharp.ParquetFileWriter writer = new(folder["d.parquet"], [new ParquetSharp.Column<string>("id")]))
        {
            using var group = writer.AppendRowGroup();
            using var column = group.NextColumn().LogicalWriter<string>();
            column.WriteBatch(["a", "b"]);
        }
        string digest = ModelFile.Read(model).Digest;
        Scored.Run(folder["out"], new ScoreOptions { Model = model, Inputs = [folder["d.parquet"]], Columns = [folder["x.npy"]], Outputs = ["y=embedding"] });
        Assert.Equal([[4.0, 6], [6, 8]], Scored.Lists(folder["out"], "embedding"));
        weights[9] = 1;
        File.WriteAllBytes(folder["data/w.bin"], weights);
        Assert.NotEqual(digest, ModelFile.Read(model).Digest);
    }

    [Fact]
    public void NewerOpsetOrUnknownOperator_IsRefusedWithTheReason()
    {
        var model = TestModels.Node("Identity", "float N 2", "float N 2");
        model.OpsetImport[0].Version = 9999;
        Refused(model.Save(folder["m.onnx"]), "needs opset 9999", open: true);
        Refused(TestModels.Node("NoSuchOperator", "float N 2", "float N 2").Save(folder["m.onnx"]), "NoSuchOperator", open: true);
    }

    [Theory]
    [InlineData("classes", """["a","b"]""", "a b")]
    [InlineData("id2label", """{"1":"b","0":"a"}""", "a b")]
    [InlineData("names", "{0: 'a', 1: \"b's\"}", "a b's")]
    [InlineData("labels", "a\nb\n c", "a b  c")]
    public void ClassNames_AreReadFromMetadata(string key, string value, string expected) =>
        Assert.Equal(expected, string.Join(' ', ClassNames.From(new Dictionary<string, string> { [key] = value }, "m")!));

    [Theory]
    [InlineData("""["a","a"]""")]
    [InlineData("""["a",""]""")]
    [InlineData("""{"0":"a","2":"b"}""")]
    [InlineData("[1")]
    [InlineData("{}")]
    public void ClassNamesThatAreNone_AreRefused(string value) =>
        Assert.Throws<InputException>(() => ClassNames.From(new Dictionary<string, string> { ["classes"] = value }, "m"));

    private static void Refused(string path, string reason, bool open = false)
    {
        var fault = Assert.Throws<InputException>(() =>
        {
            var file = ModelFile.Read(path);
            if (open)
                OnnxModel.Open(file, "cpu").Dispose();
        });
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Equal(path, fault.File);
        Assert.NotNull(fault.Remedy);
    }
}
