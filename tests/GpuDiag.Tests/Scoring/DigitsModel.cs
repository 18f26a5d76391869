using System.Text.Json;
using GpuDiag.Tests.Meta;
using ParquetSharp;

namespace GpuDiag.Tests.Scoring;

/// <summary>The convolutional net of tools/models/make_digits_conv.py, 64 digits, and what PyTorch computes for them.</summary>
internal static class DigitsModel
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "digits_conv.json"))).RootElement;

    public const int Rows = 64;

    public static string Model { get; } = Path.Combine(Folder, "digits_conv.onnx");

    public static string[] Recipe { get; } = ["--image-mean", "0.3", "--image-std", "0.35"];

    public static byte[][] Images { get; } = [.. Golden.GetProperty("png").EnumerateArray().Select(p => p.GetBytesFromBase64())];

    public static int[] Labels { get; } = [.. Golden.GetProperty("labels").EnumerateArray().Select(p => p.GetInt32())];

    public static string[] Names { get; } = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    private static string Folder => Path.Combine(Repository.Root, "tests/GpuDiag.Tests/Scoring/data");

    /// <summary><c>logits</c>, <c>probabilities</c> or <c>embedding</c>, as PyTorch has them.</summary>
    public static double[][] Expected(string name) =>
        [.. Golden.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    /// <summary>Columns id, label (a name), slant, image; the digits again and again up to <paramref name="rows"/>.</summary>
    public static string Write(string path, int rows, params int[] groups)
    {
        using ParquetFileWriter writer = new(path, [new Column<string>("id"), new Column<string>("label"), new Column<float?>("slant"), new Column<bool>("bold"), new Column<long?>("count"), new Column<byte[]>("image")]);
        int first = 0;
        foreach (int size in groups.Length == 0 ? [rows] : groups)
        {
            int[] at = [.. Enumerable.Range(first, size)];
            using var group = writer.AppendRowGroup();
            Add(group, at.Select(i => $"digit-{i:0000}"));
            Add(group, at.Select(i => Names[Labels[i % Rows]]));
            Add<float?>(group, at.Select(i => i % 7 == 3 ? (float?)null : i * 0.5f));
            Add(group, at.Select(i => i % 3 == 0));
            Add<long?>(group, at.Select(i => i % 5 == 0 ? (long?)null : (1L << 60) + i));
            Add(group, at.Select(i => Images[i % Rows]));
            first += size;
        }
        writer.Close();
        return path;
    }

    private static void Add<T>(RowGroupWriter group, IEnumerable<T> values)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. values]);
    }
}
