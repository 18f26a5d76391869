using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Mining;

/// <summary>Vectors of three classes in a plane of eight dimensions, by formula: class, prediction, probabilities, id.</summary>
internal sealed class ClassFile
{
    public static readonly string[] Classes = ["cat", "dog", "fox"];

    public ClassFile(int rows, int seed, string prefix, double noise = 1.2)
    {
        Random random = new(seed);
        Vectors = new float[rows][];
        Label = new string[rows];
        Pred = new string[rows];
        Probs = new float[rows][];
        Id = [.. Enumerable.Range(0, rows).Select(i => $"{prefix}{i:0000}")];
        for (int i = 0; i < rows; i++)
        {
            int k = random.Next(3);
            Label[i] = Classes[k];
            Vectors[i] = [.. Enumerable.Range(0, 8).Select(d => (float)((d % 3 == k ? 2 : 0) + (noise * (random.NextDouble() + random.NextDouble() - 1) * 2)))];
            double[] scores = [.. Enumerable.Range(0, 3).Select(c => Math.Exp(Vectors[i][c] * (c == 2 ? 0.7 : 1)))];
            Probs[i] = [.. scores.Select(s => (float)(s / scores.Sum()))];
            Pred[i] = Classes[Array.IndexOf(scores, scores.Max())];
        }
    }

    public float[][] Vectors { get; }

    public string[] Label { get; }

    public string[] Pred { get; }

    public float[][] Probs { get; }

    public string[] Id { get; }

    public int Rows => Vectors.Length;

    /// <param name="path">The file.</param>
    /// <param name="columns">Of id, label, pred, probs, embedding.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">Behind the last row.</param>
    public string Write(string path, string columns, int from = 0, int? to = null)
    {
        string[] names = columns.Split(' ');
        Range rows = from..(to ?? Rows);
        using ParquetFileWriter writer = new(path, [.. names.Select(n => n is "probs" or "embedding" ? (Column)new Column<float[]>(n) : new Column<string>(n))]);
        using RowGroupWriter group = writer.AppendRowGroup();
        foreach (string name in names)
        {
            if (name is "probs" or "embedding")
            {
                using LogicalColumnWriter<float[]> lists = group.NextColumn().LogicalWriter<float[]>();
                lists.WriteBatch((name == "probs" ? Probs : Vectors)[rows]);
            }
            else
            {
                using LogicalColumnWriter<string> texts = group.NextColumn().LogicalWriter<string>();
                texts.WriteBatch((name switch { "id" => Id, "label" => Label, _ => Pred })[rows]);
            }
        }

        writer.Close();
        return path;
    }
}
