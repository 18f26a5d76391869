using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Onnx;

namespace GpuDiag.Scoring.Models;

/// <summary>Finds the files beside a model that hold its weights, and refuses those that no model may name.</summary>
internal static class ExternalData
{
    /// <summary>
    /// The files that tensors anywhere in the model lie in (weights, attributes, subgraphs, functions, training graphs), in
    /// ordinal order, each once. None is opened.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where it came from; other files must lie in its folder or below.</param>
    /// <exception cref="InputException">
    /// A file lies elsewhere, by its name or by a link, is missing, or is shorter than a tensor needs.
    /// </exception>
    public static IReadOnlyList<string> Check(ModelProto model, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SortedSet<string> files = new(StringComparer.Ordinal);
        foreach (var tensor in Tensors(model))
        {
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
                files.Add(CheckTensor(tensor, folder, path));
        }
        return [.. files];
    }

    private static string CheckTensor(TensorProto tensor, string folder, string path)
    {
        string Entry(string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value ?? "";
        string location = Entry("location");
        string shown = $"its tensor '{Shown(tensor.Name)}' lies in '{Shown(location)}'";
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"its tensor '{Shown(tensor.Name)}' lies in a file without a name", path, remedy: "Export the model again.");
        // Names of either system: a model travels, and "..\\x" is a name on one and a path on the other.
        string[] parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location[0] is '/' or '\\' || location.Contains(':', StringComparison.Ordinal) || parts.Contains(".."))
            throw new InputException($"{shown}, outside the model's folder", path, remedy: "Such a model can read any file: take one from a source you trust, with its data beside it.");
        string file = Path.Combine(folder, location);
        var info = new FileInfo(file);
        if (!info.Exists)
            throw new InputException($"{shown}, which is not there", path, remedy: "Put the file beside the model.");
        if (!Inside(Resolve(file), Resolve(folder)))
            throw new InputException($"{shown}, a link that leads outside the model's folder", path, remedy: "Put the file itself beside the model.");
        long offset = Number(Entry("offset"));
        long length = Number(Entry("length"));
        long size = new FileInfo(Resolve(file)).Length;
        if (offset < 0 || length < 0 || offset > size || length > size - offset)
            throw new InputException($"{shown} beyond its end ({size} bytes)", path, remedy: "The file is cut off or belongs to another model: copy it again.");
        return file;
    }

    /// <summary>−1 for what is no number.</summary>
    private static long Number(string text)
        => text.Length == 0 ? 0 : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : -1;

    private static bool Inside(string file, string folder) =>
        file.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every link in it followed.</summary>
    private static string Resolve(string path)
    {
        string root = Path.GetPathRoot(path)!;
        string at = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            FileSystemInfo info = Directory.Exists(at) ? new DirectoryInfo(at) : new FileInfo(at);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                at = Resolve(target.FullName);
        }
        return at;
    }

    private static IEnumerable<TensorProto> Tensors(IMessage message)
    {
        // By the format's own description, so that no place where a tensor may stand is forgotten. Not recursive: a model may be deep.
        Stack<IMessage> open = new([message]);
        while (open.TryPop(out var now))
        {
            if (now is TensorProto tensor)
            {
                yield return tensor;
                continue;
            }
            foreach (var field in now.Descriptor.Fields.InFieldNumberOrder())
            {
                if (field.FieldType != FieldType.Message)
                    continue;
                object? value = field.Accessor.GetValue(now);
                if (field.IsRepeated)
                {
                    foreach (object item in (System.Collections.IEnumerable)value!)
                        open.Push((IMessage)item);
                }
                else if (value is IMessage inner)
                {
                    open.Push(inner);
                }
            }
        }
    }

    private static string Shown(string name) => Reports.Plain.Name(name, 80);
}
