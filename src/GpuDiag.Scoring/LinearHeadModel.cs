using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Onnx;

namespace GpuDiag.Scoring;

/// <summary>
/// A linear classifier on embeddings as an ONNX model. Input: <see cref="Input"/>, float [N, D]. Outputs:
/// <see cref="Logits"/>, float [N, C] = embedding · weightsᵀ + bias; <see cref="Probabilities"/>, their softmax;
/// <see cref="Label"/>, int64 [N], the number of the greatest logit, the lower one of equals; <see cref="Embeddings"/>,
/// the input as it came. The class names are in the metadata under <see cref="Models.ClassNames.Key"/>.
/// </summary>
public static class LinearHeadModel
{
    public const string Input = "embedding";
    public const string Logits = "logits";
    public const string Probabilities = "probabilities";
    public const string Label = "label";
    public const string Embeddings = "embeddings";

    /// <summary>The name of the graph.</summary>
    internal const string GraphName = "linear_head";

    /// <summary>The metadata key of the strength C that the head was fitted at.</summary>
    internal const string StrengthKey = "c";

    /// <summary>The opset of the graph: Gemm and Softmax have their present meaning from 13 on, and every runtime since 2021 knows it.</summary>
    private const int Opset = 13;

    private const int IrVersion = 7;

    /// <summary>Writes the model to a file. The same head gives the same bytes.</summary>
    /// <param name="path">Written over where it exists.</param>
    /// <param name="weights">C × D, one row per class.</param>
    /// <param name="bias">One per class.</param>
    /// <param name="classNames">In the order of the rows of <paramref name="weights"/>.</param>
    /// <exception cref="InputException">The file can't be written.</exception>
    public static void Write(string path, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, IReadOnlyList<string> classNames)
    {
        byte[] model = Build(weights, bias, classNames);
        try
        {
            File.WriteAllBytes(path, model);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the model can't be written: {fault.Message}", path, remedy: "Choose another place for it.", inner: fault);
        }
    }

    /// <summary>Writes the model to a stream.</summary>
    /// <param name="stream">Written to.</param>
    /// <param name="weights">C × D, one row per class.</param>
    /// <param name="bias">One per class.</param>
    /// <param name="classNames">In the order of the rows of <paramref name="weights"/>.</param>
    /// <param name="c">The strength it was fitted at; null: none is told.</param>
    public static void Write(Stream stream, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, IReadOnlyList<string> classNames, double? c = null)
        => stream.Write(Build(weights, bias, classNames, c));

    private static byte[] Build(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, IReadOnlyList<string> classNames, double? c = null)
    {
        int classes = bias.Length;
        if (classes == 0 || weights.Length == 0 || weights.Length % classes != 0)
            throw new ArgumentException($"{weights.Length} weights are no rows for {classes} classes", nameof(weights));
        if (classNames.Count != classes)
            throw new ArgumentException($"{classNames.Count} names for {classes} classes", nameof(classNames));
        int width = weights.Length / classes;
        var graph = new GraphProto
        {
            Name = GraphName,
            Input = { Value(Input, TensorProto.Types.DataType.Float, width) },
            Output =
            {
                Value(Label, TensorProto.Types.DataType.Int64),
                Value(Probabilities, TensorProto.Types.DataType.Float, classes),
                Value(Logits, TensorProto.Types.DataType.Float, classes),
                Value(Embeddings, TensorProto.Types.DataType.Float, width),
            },
            Initializer = { Tensor("weights", weights, classes, width), Tensor("bias", bias, classes) },
            Node =
            {
                Node("Gemm", [Input, "weights", "bias"], Logits, ("transB", 1)),
                Node("Softmax", [Logits], Probabilities, ("axis", 1)),
                Node("ArgMax", [Logits], Label, ("axis", 1), ("keepdims", 0)),
                Node("Identity", [Input], Embeddings),
            },
        };
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "gpudiag",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
            MetadataProps = { new StringStringEntryProto { Key = Models.ClassNames.Key, Value = JsonSerializer.Serialize(classNames) } },
        };
        if (c is double strength)
            model.MetadataProps.Add(new StringStringEntryProto { Key = StrengthKey, Value = strength.ToString("R", CultureInfo.InvariantCulture) });
        return model.ToByteArray();
    }

    /// <summary>A value of N rows; without a width a vector.</summary>
    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int? width = null)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        if (width is int w)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = w });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private static TensorProto Tensor(string name, ReadOnlySpan<float> values, params long[] dims)
    {
        // Little-endian, as ONNX wants it and as every machine with a .NET for ONNX Runtime is.
        ByteString bytes = ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
        return new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { dims }, RawData = bytes };
    }

    private static NodeProto Node(string op, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = op.ToLowerInvariant(), Input = { inputs }, Output = { output } };
        foreach (var (name, value) in attributes)
            node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });
        return node;
    }
}
