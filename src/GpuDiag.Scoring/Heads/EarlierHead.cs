using System.Globalization;
using System.Runtime.InteropServices;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Scoring.Models;
using Onnx;

namespace GpuDiag.Scoring.Heads;

/// <summary>A head that <see cref="LinearHeadModel"/> wrote, to go on from.</summary>
/// <param name="file">As the user gave it.</param>
/// <param name="classes">In the order of the weights.</param>
/// <param name="weights">C × D.</param>
/// <param name="bias">C.</param>
/// <param name="c">The strength it was fitted at; null: it does not say.</param>
internal sealed class EarlierHead(string file, IReadOnlyList<string> classes, float[] weights, float[] bias, double? c)
{
    /// <summary>Below every bias of a class that the head has learnt.</summary>
    private const float Absent = -1e29f;

    /// <summary>The strength it was fitted at; null: it does not say.</summary>
    public double? C => c;

    /// <exception cref="InputException">It cannot be read, or is another model.</exception>
    public static EarlierHead Read(string path)
    {
        var model = ModelFile.Read(path);
        var graph = ModelProto.Parser.ParseFrom(model.Content).Graph;
        var classes = ClassNames.From(model.Metadata, path);
        float[]? bias = Values(graph, "bias", 1), weights = Values(graph, "weights", 2);
        if (graph.Name != LinearHeadModel.GraphName || classes is null || bias is null || weights is null || bias.Length != classes.Count || weights.Length == 0 || weights.Length % bias.Length != 0)
            throw new InputException("is no head that gpudiag retrain wrote", path, remedy: "Name the head.onnx of an earlier run with --warm, or leave --warm out.");
        if (weights.Concat(bias).Any(v => !float.IsFinite(v)))
            throw new InputException("has weights that are no finite numbers", path, remedy: "Leave --warm out: the head is of no use.");
        double? c = model.Metadata.TryGetValue(LinearHeadModel.StrengthKey, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < double.PositiveInfinity ? value : null;
        return new EarlierHead(path, classes, weights, bias, c);
    }

    /// <summary>The weights to start from: those of classes that both have, 0 for others; and how many these are.</summary>
    /// <exception cref="InputException">It is for vectors of other dimensions.</exception>
    public (double[] Weights, int Known) Start(int width, IReadOnlyList<string> names)
    {
        int its = weights.Length / bias.Length, known = 0;
        if (its != width)
            throw new InputException($"is for vectors of {its} dimensions, but the training set has {width}", file, null, "Name a head for the same embeddings, or leave --warm out.");
        double[] start = new double[LinearHead.Length(width, names.Count)];
        Dictionary<string, int> at = classes.Select((name, k) => (name, k)).ToDictionary(p => p.name, p => p.k, StringComparer.Ordinal);
        for (int k = 0; k < names.Count; k++)
        {
            if (!at.TryGetValue(names[k], out int from) || bias[from] <= Absent)
                continue;
            known++;
            for (int d = 0; d < width; d++)
                start[LinearHead.At(width, d, k)] = weights[(from * width) + d];
            start[LinearHead.At(width, width, k)] = bias[from];
        }
        return (start, known);
    }

    private static float[]? Values(GraphProto graph, string name, int dimensions)
    {
        var tensor = graph.Initializer.FirstOrDefault(t => t.Name == name);
        if (tensor is not { DataType: (int)TensorProto.Types.DataType.Float } || tensor.Dims.Count != dimensions)
            return null;
        float[] values = tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span[..(tensor.RawData.Length / 4 * 4)]).ToArray() : [.. tensor.FloatData];
        long wanted = 1;
        foreach (long d in tensor.Dims)
            wanted = d is >= 0 and <= int.MaxValue ? Math.BigMul((int)Math.Min(wanted, int.MaxValue), (int)d) : -1;
        return wanted == values.Length ? values : null;
    }
}
