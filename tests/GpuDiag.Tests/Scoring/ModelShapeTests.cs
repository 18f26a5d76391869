using GpuDiag.Scoring;
using GpuDiag.Tests.Columns;
using Onnx;
using ParquetSharp;

namespace GpuDiag.Tests.Scoring;

/// <summary>Columns meet inputs, and outputs become columns, whatever their types and sizes; what does not fit is said.</summary>
public sealed class ModelShapeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Five rows: a 0…4, b 10…14 (integers; the last null), v the list [a, −a].</summary>
    private string Data()
    {
        using ParquetFileWriter writer = new(folder["d.parquet"], [new Column<float>("a"), new Column<int?>("b"), new Column<float[]>("v"), new Column<string>("name")]);
        using (var group = writer.AppendRowGroup())
        {
            using (var column = group.NextColumn().LogicalWriter<float>())
                column.WriteBatch([0, 1, 2, 3, 4]);
            using (var column = group.NextColumn().LogicalWriter<int?>())
                column.WriteBatch([10, 11, 12, 13, null]);
            using (var column = group.NextColumn().LogicalWriter<float[]>())
                column.WriteBatch([.. Enumerable.Range(0, 5).Select(i => new float[] { i, -i })]);
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch(["p", "q", "r", "s", "t"]);
        }
        writer.Close();
        return folder["d.parquet"];
    }

    private ScoreOptions Options(ModelProto model, params string[] columns) =>
        new() { Model = model.Save(folder["m.onnx"]), Inputs = [Data()], Columns = columns, Outputs = ["y=embedding"] };

    [Theory]
    [InlineData("float N 2", "a b")]
    [InlineData("double N K", "a b")]
    [InlineData("int64 N 2", "a b")]
    [InlineData("int32 M 2", "a b")]
    [InlineData("float16 N 2", "a b")]
    public void Scalars_MakeARowInTheirOrder(string type, string columns)
    {
        string element = type.Split(' ')[0];
        var model = TestModels.Node("Cast", type, "float N 2", node => node.Attribute.Add(TestModels.Whole("to", (long)TensorProto.Types.DataType.Float)));
        Scored.Run(folder["out"], Options(model, columns.Split(' ')));
        double[][] rows = Scored.Lists(folder["out"], "embedding");
        Assert.Equal([[0.0, 10], [1, 11], [2, 12], [3, 13]], rows[..4]);
        Assert.All(rows[4], v => Assert.True(double.IsNaN(v), element));
        Scored.Run(folder["reversed"], Options(model, "b", "a"));
        Assert.Equal([12.0, 2], Scored.Lists(folder["reversed"], "embedding")[2]);
    }

    [Fact]
    public void MissingValues_CanBeHandedToTheModel()
    {
        var options = Options(TestModels.Node("IsNaN", "float N 2", "bool N 2"), "a", "b") with { Outputs = ["y=nan"] };
        Assert.Equal(0, Scored.Run(folder["pass"], options with { PassMissing = true }).Missing);
        Assert.Equal([[0.0, 0], [0, 0], [0, 0], [0, 0], [0, 1]], Scored.Lists(folder["pass"], "nan"));
        Assert.Equal(1, Scored.Run(folder["skip"], options).Missing);
    }

    [Fact]
    public void SeveralInputs_AreFoundByName()
    {
        var node = new NodeProto { OpType = "Add", Input = { "a", "b" }, Output = { "sum" } };
        var model = TestModels.Model([TestModels.Value("a", "float N"), TestModels.Value("b", "float N")], [TestModels.Value("sum", "float N")], node);
        Scored.Run(folder["out"], Options(model) with { Outputs = ["sum"] });
        Assert.Equal([10.0, 12, 14, 16, double.NaN], Scored.Numbers(folder["out"], "sum"));
        Scored.Run(folder["other"], Options(model, "b=a") with { Outputs = ["sum"] });
        Assert.Equal([0.0, 2, 4, 6, 8], Scored.Numbers(folder["other"], "sum"));
    }

    [Fact]
    public void ListAndFixedBatch_AreTaken()
    {
        var model = TestModels.Node("Neg", "float 3 2", "float 3 2");
        var result = Scored.Run(folder["out"], Options(model));
        Assert.Equal(3, result.Batch);
        Assert.Equal([[0.0, 0], [-1, 1], [-2, 2], [-3, 3], [-4, 4]], Scored.Lists(folder["out"], "embedding"));
        Refused(Options(model) with { Batch = 4 }, "takes 3 rows at a time");
        Scored.Run(folder["twice"], Options(TestModels.Node("Neg", "float N 1 3 1", "float N 1 3 1"), "v", "a"));
        Assert.Equal([-2.0, 2, -2], Scored.Lists(folder["twice"], "embedding")[2]);
    }

    [Fact]
    public void ListsOfIntegers_AreTokens()
    {
        using (ParquetFileWriter writer = new(folder["t.parquet"], [new Column<long[]>("tokens")]))
        {
            using (var group = writer.AppendRowGroup())
            {
                using var column = group.NextColumn().LogicalWriter<long[]>();
                column.WriteBatch([[0, 1], [2, 2]]);
            }
            writer.Close();
        }
        var model = TestModels.Model(
            [TestModels.Value("tokens", "int64 N T")], [TestModels.Value("y", "float N T 2")], new NodeProto { OpType = "Gather", Input = { "table", "tokens" }, Output = { "y" } });
        model.Graph.Initializer.Add(TestModels.Floats("table", [1, 2, 3, 4, 5, 6], 3, 2));
        Scored.Run(folder["out"], Options(model) with { Inputs = [folder["t.parquet"]] });
        Assert.Equal([[1.0, 2, 3, 4], [5, 6, 5, 6]], Scored.Lists(folder["out"], "embedding"));
    }

    [Fact]
    public void OneProbability_IsThatOfTheSecondClass()
    {
        var options = Options(TestModels.Node("Sigmoid", "float N 1", "float N 1"), "a") with { Outputs = ["y=probs"], Classes = ["no", "yes"] };
        Scored.Run(folder["out"], options);
        double[][] probs = Scored.Lists(folder["out"], "probs");
        Assert.Equal([0.5, 0.5], probs[0]);
        Assert.Equal(1 / (1 + Math.Exp(-3)), probs[3][1], 1e-6);
        Assert.Equal(["no", "yes", "yes", "yes", "yes"], Scored.Texts(folder["out"], "pred"));
        Scored.Run(folder["logit"], Options(TestModels.Node("Identity", "float N 1", "float N 1"), "a") with { Outputs = ["y=logits"] });
        Assert.Equal(probs[3][1], Scored.Lists(folder["logit"], "probs")[3][1], 1e-6);
        Assert.Equal(["0", "1", "1", "1", "1"], Scored.Texts(folder["logit"], "pred"));
    }

    [Fact]
    public void NaNProbabilities_ArePredictionsOfNothing()
    {
        var result = Scored.Run(folder["out"], Options(TestModels.Node("Log", "float N 2", "float N 2"), "v") with { Outputs = ["y=probs"] });
        Assert.Equal(4, result.Undefined);
        Assert.Equal(["0", null, null, null, null], Scored.Texts(folder["out"], "pred"));
    }

    [Fact]
    public void ModelThatMixesRows_IsToldApart()
    {
        Assert.Equal(0, Scored.Run(folder["row"], Options(TestModels.Node("Softmax", "float N 2", "float N 2"), "v")).Mixing);
        // Each row plus all before it.
        var sum = TestModels.Node("CumSum", "float N 2", "float N 2", node => node.Input.Add("axis"));
        sum.Graph.Initializer.Add(new TensorProto { Name = "axis", DataType = (int)TensorProto.Types.DataType.Int64, Int64Data = { 0 } });
        Assert.True(Scored.Run(folder["mixed"], Options(sum, "v")).Mixing > ScoreResult.MostMixing);
    }

    [Fact]
    public void WhatDoesNotFit_IsSaid()
    {
        var two = TestModels.Node("Identity", "float N 2", "float N 2");
        var open = TestModels.Node("Identity", "float N H W", "float N H W");
        Refused(Options(two, "a"), "2 numbers a row, where column 'a' has 1");
        Refused(Options(two, "a", "b", "v"), "where the 3 columns have 4");
        Refused(Options(two, "x=missing"), "no such column");
        Refused(Options(two, "z=a"), "the model has no input 'z'");
        Refused(Options(two, "name"), "where column 'name' is text");
        Refused(Options(open, "v"), "more than one size is open");
        Refused(Options(two) with { Outputs = ["z=probs"] }, "the model has no output 'z'");
        Refused(Options(two) with { Outputs = [] }, "not said by their names");
        Refused(Options(two, "a", "b") with { Outputs = ["y=logits"], Classes = ["one"] }, "2 classes where --classes has 1 names");
        Refused(Options(TestModels.Node("Identity", "string N 2", "string N 2")), "scored on numbers and images");
        Refused(Options(TestModels.Node("Shape", "float N 2", "int64 K"), "a", "b"), "can't be written as embedding");
        Refused(Options(TestModels.Node("Shape", "float N 2", "int64 K"), "a", "b") with { Outputs = ["y=z"] }, "not one row per row");
        Refused(Options(TestModels.Node("Identity", "int64 N 1", "int64 N 1"), "f") with { Inputs = [Fractions()], Outputs = ["y=z"] }, "takes whole numbers");
        Refused(Options(TestModels.Node("Identity", "int8 N 1", "int8 N 1"), "f") with { Inputs = [Fractions()], Outputs = ["y=z"] }, "takes whole numbers");
        Refused(Options(two, "a", "b") with { Carry = ["nothing"] }, "no such column");
        Refused(Options(two, "a", "b") with { Outputs = ["y=name"], Carry = ["name"] }, "a result has this name");
    }

    private string Fractions()
    {
        using ParquetFileWriter writer = new(folder["f.parquet"], [new Column<float>("f")]);
        using (var group = writer.AppendRowGroup())
        {
            using var column = group.NextColumn().LogicalWriter<float>();
            column.WriteBatch([1, 2.5f]);
        }
        writer.Close();
        return folder["f.parquet"];
    }

    private void Refused(ScoreOptions options, string reason)
    {
        var fault = Assert.Throws<InputException>(() => Scored.Run(folder["refused"], options));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Remedy);
        Assert.False(Directory.Exists(folder["refused/predictions"]));
    }
}
