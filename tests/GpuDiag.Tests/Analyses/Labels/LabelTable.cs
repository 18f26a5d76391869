using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Labels;

/// <summary>Rows with a label, probabilities and perhaps a prediction or an embedding.</summary>
internal sealed class LabelTable
{
    private readonly List<(string? Label, float[]? Probs, float[]? Vector)> rows = [];

    public int Count => rows.Count;

    /// <summary>Rows of which some are given the next class instead of their own: their numbers.</summary>
    public static (LabelTable Table, long[] Flipped) Flipped(int count, int classes, double share, int seed)
    {
        Random random = new(seed);
        LabelTable table = new();
        List<long> flipped = [];
        for (int i = 0; i < count; i++)
        {
            int label = random.Next(classes);
            double[] weights = [.. Enumerable.Range(0, classes).Select(k => random.NextDouble() + (k == label ? 2 * classes : 0))];
            bool flip = random.NextDouble() < share;
            if (flip)
            {
                flipped.Add(i);
            }

            table.Add($"k{(flip ? label + 1 : label) % classes:000}", [.. weights.Select(w => (float)(w / weights.Sum()))]);
        }

        return (table, [.. flipped]);
    }

    public void Add(string? label, float[]? probs, float[]? vector = null) => rows.Add((label, probs, vector));

    public string Write(string path, int group = int.MaxValue)
    {
        bool vectors = rows.Exists(r => r.Vector is not null);
        Column[] columns = [new Column<string?>("id"), new Column<string?>("label"), new Column<float[]?>("probs"), .. vectors ? [new Column<float[]?>("embedding")] : Array.Empty<Column>()];
        using ParquetFileWriter file = new(path, columns);
        for (int start = 0; start < rows.Count; start += Math.Min(group, rows.Count - start))
        {
            (string? Label, float[]? Probs, float[]? Vector)[] part = [.. rows.Skip(start).Take(group)];
            using RowGroupWriter writer = file.AppendRowGroup();
            Put(writer, [.. part.Select((_, i) => $"r{start + i}")]);
            Put(writer, [.. part.Select(r => r.Label)]);
            Put(writer, [.. part.Select(r => r.Probs)]);
            if (vectors)
            {
                Put(writer, [.. part.Select(r => r.Vector)]);
            }
        }

        file.Close();
        return path;
    }

    private static void Put<T>(RowGroupWriter writer, T[] values)
    {
        using LogicalColumnWriter<T> column = writer.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }
}
