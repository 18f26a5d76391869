using System.Security.Cryptography;
using Google.Protobuf;
using Onnx;

namespace GpuDiag.Scoring.Models;

/// <summary>
/// An ONNX file, read and checked before ONNX Runtime sees it: what it takes and gives, its metadata, and that it names
/// no file outside its folder.
/// </summary>
internal sealed class ModelFile
{
    /// <summary>What one protocol buffer can hold; larger models keep their weights beside them.</summary>
    private const long Largest = int.MaxValue;

    private ModelFile(string path, byte[] content, ModelProto proto, IReadOnlyList<string> external)
    {
        Path = path;
        Content = content;
        External = external;
        Digest = Hash(content, external, path);
        var weights = proto.Graph.Initializer.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        Inputs = [.. proto.Graph.Input.Where(i => !weights.Contains(i.Name)).Select(ModelPort.From)];
        Outputs = [.. proto.Graph.Output.Select(ModelPort.From)];
        Producer = $"{proto.ProducerName} {proto.ProducerVersion}".Trim();
        Opset = proto.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (var entry in proto.MetadataProps)
            metadata[entry.Key] = entry.Value;
        Metadata = metadata;
        Softmaxed = MadeBySoftmax(proto.Graph).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>As the user gave it.</summary>
    public string Path { get; }

    public byte[] Content { get; }

    /// <summary>Files beside it that hold weights.</summary>
    public IReadOnlyList<string> External { get; }

    /// <summary>SHA-256 of the model and its external files.</summary>
    public string Digest { get; }

    /// <summary>What must be given: inputs that have no stored value.</summary>
    public IReadOnlyList<ModelPort> Inputs { get; }

    public IReadOnlyList<ModelPort> Outputs { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What wrote it; may be empty.</summary>
    public string Producer { get; }

    /// <summary>The version of the standard operators; 0 where none is stated.</summary>
    public long Opset { get; }

    /// <summary>Outputs that come out of a softmax, so are probabilities.</summary>
    public IReadOnlySet<string> Softmaxed { get; }

    /// <exception cref="InputException">The file cannot be read, is no ONNX model, or names files that it must not.</exception>
    public static ModelFile Read(string path)
    {
        byte[] content;
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > Largest)
                throw new InputException("is larger than the 2 GB that an ONNX file can have", path, remedy: "Export it with its weights in a file of their own (external data).");
            content = File.ReadAllBytes(path);
        }
        catch (Exception error) when (Columns.ReadFault.Wraps(error))
        {
            throw Columns.ReadFault.From(error, path);
        }
        var proto = Parse(content, path);
        return new ModelFile(path, content, proto, ExternalData.Check(proto, path));
    }

    private static ModelProto Parse(byte[] content, string path)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(content);
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or ArgumentException or OverflowException)
        {
            throw new InputException("is no ONNX model, or a damaged one", path, remedy: "Export it again, or copy it again.", inner: error);
        }
        if (proto.Graph is not { Node.Count: > 0 } graph || proto.IrVersion == 0)
            throw new InputException("is no ONNX model, or a damaged one: it has no graph", path, remedy: "Export it again, or copy it again.");
        if (graph.Output.Count == 0)
            throw new InputException("the model has no outputs", path, remedy: "Export it again.");
        return proto;
    }

    private static string Hash(byte[] content, IReadOnlyList<string> external, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        byte[] buffer = new byte[1 << 20];
        foreach (string file in external)
        {
            try
            {
                using var stream = File.OpenRead(file);
                for (int read; (read = stream.Read(buffer)) > 0;)
                    hash.AppendData(buffer.AsSpan(0, read));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"its weights in '{file}' can't be read: {error.Message}", path, remedy: "See to it that this user may read the file.", inner: error);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Outputs whose values a Softmax made, with nothing but copies between.</summary>
    private static IEnumerable<string> MadeBySoftmax(GraphProto graph)
    {
        Dictionary<string, NodeProto> makers = new(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            foreach (string output in node.Output)
                makers.TryAdd(output, node);
        }
        foreach (var output in graph.Output)
        {
            string name = output.Name;
            for (int steps = 0; steps < 8 && makers.TryGetValue(name, out var node); steps++)
            {
                if (node.OpType == "Softmax")
                {
                    yield return output.Name;
                    break;
                }
                if (node.OpType is not ("Identity" or "Cast") || node.Input.Count == 0)
                    break;
                name = node.Input[0];
            }
        }
    }
}
