using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace GpuDiag.Tests.Scoring;

/// <summary>Small ONNX models made by hand, sound and otherwise.</summary>
internal static class TestModels
{
    /// <summary>One node from <c>x</c> to <c>y</c>.</summary>
    public static ModelProto Node(string op, string input, string output, Action<NodeProto>? more = null)
    {
        var node = new NodeProto { OpType = op, Input = { "x" }, Output = { "y" } };
        more?.Invoke(node);
        return Model([Value("x", input)], [Value("y", output)], node);
    }

    public static ModelProto Model(ValueInfoProto[] inputs, ValueInfoProto[] outputs, params NodeProto[] nodes) => new()
    {
        IrVersion = 7,
        OpsetImport = { new OperatorSetIdProto { Version = 13 } },
        Graph = new GraphProto { Name = "g", Input = { inputs }, Output = { outputs }, Node = { nodes } },
    };

    /// <param name="type"><c>float N 4</c>: the element's type, then sizes, words for open ones.</param>
    public static ValueInfoProto Value(string name, string type)
    {
        string[] words = type.Split(' ');
        var shape = new TensorShapeProto();
        foreach (string word in words.Skip(1))
            shape.Dim.Add(long.TryParse(word, out long size) ? new TensorShapeProto.Types.Dimension { DimValue = size } : new() { DimParam = word });
        var element = Enum.Parse<TensorProto.Types.DataType>(words[0], ignoreCase: true);
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)element, Shape = shape } } };
    }

    public static TensorProto Floats(string name, float[] values, params long[] dims) => new()
    {
        Name = name,
        DataType = (int)TensorProto.Types.DataType.Float,
        Dims = { dims },
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
    };

    public static AttributeProto Whole(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>y = x · w, its weights in a file beside it.</summary>
    public static ModelProto External(string location, long offset, long length)
    {
        var model = Node("MatMul", "float N 2", "float N 2", node => node.Input.Add("w"));
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "w",
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { 2, 2 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = location },
                new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
                new StringStringEntryProto { Key = "length", Value = $"{length}" },
            },
        });
        return model;
    }

    public static string Save(this ModelProto model, string path)
    {
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
