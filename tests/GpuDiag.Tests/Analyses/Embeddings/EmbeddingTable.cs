using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Embeddings;

/// <summary>Rows with a class, a prediction, a split and an embedding.</summary>
internal sealed class EmbeddingTable
{
    private readonly List<Row> rows = [];

    public int Count => rows.Count;

    public static EmbeddingTable Random(int count, int width, int seed)
    {
        Random random = new(seed);
        EmbeddingTable table = new();
        for (int i = 0; i < count; i++)
        {
            int label = random.Next(3);
            float[] vector = [.. Enumerable.Range(0, width).Select(d => (float)((random.NextDouble() * 2) - 1) + (d == label ? 3 : 0))];
            int pred = random.Next(5) == 0 ? random.Next(3) : label;
            table.Add($"{(char)('a' + label)}", $"{(char)('a' + pred)}", vector, random.Next(4) == 0 ? "test" : "train");
        }

        return table;
    }

    public void Add(string? label, string? pred, float[]? vector, string? split = null, string? text = null, byte[]? image = null) =>
        rows.Add(new Row($"r{rows.Count:0000}", label, pred, split, vector, text, image));

    /// <summary>Another row with the vector of this one.</summary>
    public void Repeat(int row, string? label, string? pred, string? split = null, float scale = 1) =>
        Add(label, pred, [.. rows[row].Vector!.Select(v => v * scale)], split);

    public float[] Vector(int row) => rows[row].Vector!;

    /// <summary>A row of another table, with another label.</summary>
    public void CopyFrom(EmbeddingTable other, int row, string? label) => rows.Add(other.rows[row] with { Id = $"t{rows.Count:0000}", Label = label });

    /// <summary>Writes rows [from, to) in row groups of so many rows.</summary>
    public string Write(string path, int from = 0, int to = int.MaxValue, int group = int.MaxValue)
    {
        to = Math.Min(to, Count);
        using ParquetFileWriter file = new(
            path,
            [new Column<string?>("id"), new Column<string?>("label"), new Column<string?>("pred"), new Column<string?>("split"), new Column<float[]?>("embedding"), new Column<string?>("text"), new Column<byte[]?>("image")]);
        for (int start = from; start < to; start += Math.Min(group, to - start))
        {
            Row[] part = [.. rows.Skip(start).Take(Math.Min(group, to - start))];
            using RowGroupWriter writer = file.AppendRowGroup();
            Put(writer, part, r => r.Id);
            Put(writer, part, r => r.Label);
            Put(writer, part, r => r.Pred);
            Put(writer, part, r => r.Split);
            Put(writer, part, r => r.Vector);
            Put(writer, part, r => r.Text);
            Put(writer, part, r => r.Image);
        }

        file.Close();
        return path;
    }

    private static void Put<T>(RowGroupWriter writer, Row[] part, Func<Row, T> value)
    {
        using LogicalColumnWriter<T> column = writer.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. part.Select(value)]);
    }

    private sealed record Row(string? Id, string? Label, string? Pred, string? Split, float[]? Vector, string? Text, byte[]? Image);
}
