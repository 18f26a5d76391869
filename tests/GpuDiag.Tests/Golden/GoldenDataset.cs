using System.Globalization;
using System.Text.Json.Nodes;
using GpuDiag.Tests.Meta;
using ParquetSharp;

namespace GpuDiag.Tests.Golden;

/// <summary>Rows of Golden/data/metrics_NAME.csv and scikit-learn's values for them (tools/peers/make_metrics_golden.py).</summary>
internal sealed class GoldenDataset
{
    private readonly string[] _header;
    private readonly string[][] _rows;

    private GoldenDataset(string[] header, string[][] rows, JsonNode expected)
    {
        _header = header;
        _rows = rows;
        Expected = expected;
        ClassNames = [.. expected["class_names"]!.AsArray().Select(name => (string)name!)];
        Probabilities = [.. header.Where(name => name[0] == 'p' && name.AsSpan(1).ContainsAnyExceptInRange('0', '9') == false)];
        HasConfidence = header.Contains("confidence");
        Segments = [.. header.Except(Probabilities).Except(["label", "pred", "confidence"])];
    }

    public JsonNode Expected { get; }

    public string[] ClassNames { get; }

    public string[] Segments { get; }

    public bool HasConfidence { get; }

    public bool HasProbabilities => Probabilities.Length > 0;

    public int Rows => _rows.Length;

    private string[] Probabilities { get; }

    public static GoldenDataset Load(string name)
    {
        var path = Path.Combine(Repository.Root, "tests", "GpuDiag.Tests", "Golden", "data", $"metrics_{name}");
        var lines = File.ReadAllLines(path + ".csv");
        return new GoldenDataset(
            lines[0].Split(','), [.. lines.Skip(1).Select(line => line.Split(','))], JsonNode.Parse(File.ReadAllText(path + ".json"))!);
    }

    /// <summary>Writes rows [<paramref name="from"/>, <paramref name="to"/>) in the given order; labels as int32 where
    /// all class names are integers.</summary>
    public void Write(string path, int from, int to, Compression codec, int rowGroup)
    {
        var integers = ClassNames.All(name => int.TryParse(name, CultureInfo.InvariantCulture, out _));
        List<Column> columns = integers
            ? [new Column<int>("label"), new Column<int>("pred")]
            : [new Column<string>("label"), new Column<string>("pred")];
        if (HasConfidence)
            columns.Add(new Column<float>("confidence"));
        if (HasProbabilities)
            columns.Add(new Column<float[]>("probs"));
        columns.AddRange(Segments.Select(segment => new Column<string>(segment)));
        using var file = new ParquetFileWriter(path, [.. columns], codec);
        for (var start = from; start < to; start += rowGroup)
        {
            var rows = _rows[start..Math.Min(to, start + rowGroup)];
            using var group = file.AppendRowGroup();
            foreach (var role in new[] { "label", "pred" })
            {
                if (integers)
                    Append(group, rows, role, text => int.Parse(text, CultureInfo.InvariantCulture));
                else
                    Append(group, rows, role, text => text);
            }
            if (HasConfidence)
                Append(group, rows, "confidence", Float);
            if (HasProbabilities)
                AppendProbabilities(group, rows);
            foreach (var segment in Segments)
                Append(group, rows, segment, text => text);
        }
        file.Close();
    }

    private void Append<T>(RowGroupWriter group, string[][] rows, string column, Func<string, T> parse)
    {
        var index = Array.IndexOf(_header, column);
        using var writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch(Array.ConvertAll(rows, row => parse(row[index])));
    }

    private void AppendProbabilities(RowGroupWriter group, string[][] rows)
    {
        var first = Array.IndexOf(_header, Probabilities[0]);
        using var writer = group.NextColumn().LogicalWriter<float[]>();
        writer.WriteBatch(Array.ConvertAll(rows, row => Array.ConvertAll(row[first..(first + Probabilities.Length)], Float)));
    }

    private static float Float(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
