using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Scan;

/// <summary>A table with every role of a scan, drawn from a seed, and written in any cut.</summary>
internal sealed class ScanTable
{
    public static readonly string[] Classes = ["cat", "dog", "eel", "fox"];

    private readonly List<Row> rows = [];

    public ScanTable(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            float[]? probs = random.Next(40) == 0 ? null : Probabilities(random);
            int best = probs is null ? random.Next(4) : Array.IndexOf(probs, probs.Max());
            string? label = random.Next(30) == 0 ? null : Classes[random.Next(3) > 0 ? best : random.Next(4)];
            rows.Add(new Row(
                $"r{i:000}",
                label,
                probs is null ? null : Classes[best],
                probs,
                random.Next(10) == 0 ? null : new[] { "fog", "rain", "sun" }[random.Next(3)],
                random.Next(15) == 0 ? null : Math.Round(random.NextDouble(), random.Next(1, 4)),
                random.Next(2) == 0));
        }
    }

    public int Count => rows.Count;

    /// <summary>Writes rows [from, to) in row groups of so many rows.</summary>
    public string Write(string path, int from, int to, int group, bool probabilities = true)
    {
        List<Column> columns =
        [
            new Column<string?>("id"), new Column<string?>("label"), new Column<string?>("pred"),
            new Column<string?>("weather"), new Column<double?>("age"), new Column<bool>("night"),
        ];
        if (probabilities)
        {
            columns.Add(new Column<float[]?>("probs"));
        }

        using ParquetFileWriter file = new(path, [.. columns]);
        for (int start = from; start < to; start += group)
        {
            Row[] part = [.. rows.Skip(start).Take(Math.Min(group, to - start))];
            using RowGroupWriter writer = file.AppendRowGroup();
            Put(writer, part, r => r.Id);
            Put(writer, part, r => r.Label);
            Put(writer, part, r => r.Pred);
            Put(writer, part, r => r.Weather);
            Put(writer, part, r => r.Age);
            Put(writer, part, r => r.Night);
            if (probabilities)
            {
                Put(writer, part, r => r.Probs);
            }
        }

        file.Close();
        return path;
    }

    private static void Put<T>(RowGroupWriter writer, Row[] part, Func<Row, T> value)
    {
        using LogicalColumnWriter<T> column = writer.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. part.Select(value)]);
    }

    private static float[] Probabilities(Random random)
    {
        double[] weights = [.. Enumerable.Range(0, 4).Select(_ => Math.Exp(3 * random.NextDouble()))];
        double sum = weights.Sum();
        return [.. weights.Select(w => (float)(w / sum))];
    }

    private sealed record Row(string Id, string? Label, string? Pred, float[]? Probs, string? Weather, double? Age, bool Night);
}
