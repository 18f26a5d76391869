using ParquetSharp;

namespace GpuDiag.Tests.Cli;

/// <summary>Small Parquet files of predictions, made by formula.</summary>
internal static class PredictionFile
{
    /// <summary>Of 400 rows 40 of the 100 in fog are wrong, and 20 elsewhere; three classes; confidence between 0.5 and 1.</summary>
    public static string Write(string folder, string name = "predictions.parquet", int rows = 400)
    {
        string[] classes = ["cat", "dog", "fox"];
        string path = Path.Combine(folder, name);
        using var writer = new ParquetFileWriter(path, [new Column<string>("label"), new Column<string>("pred"), new Column<float>("confidence"), new Column<string>("weather"), new Column<int>("id")]);
        using var group = writer.AppendRowGroup();
        Write(group, rows, i => classes[i % 3]);
        Write(group, rows, i => classes[i % 10 == 0 || (i % 4 == 0 && i % 10 == 2) ? (i + 1) % 3 : i % 3]);
        Write(group, rows, i => 0.5f + (i % 50 / 100f));
        Write(group, rows, i => i % 4 == 0 ? "fog" : "clear");
        Write(group, rows, i => 1000 + i);
        writer.Close();
        return path;
    }

    /// <summary>One column of text.</summary>
    public static string WriteOnly(string folder, string name, string column, int rows)
    {
        string path = Path.Combine(folder, name);
        using var writer = new ParquetFileWriter(path, [new Column<string>(column)]);
        using var group = writer.AppendRowGroup();
        Write(group, rows, i => $"value {i % 3}");
        writer.Close();
        return path;
    }

    private static void Write<T>(RowGroupWriter group, int rows, Func<int, T> value)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch([.. Enumerable.Range(0, rows).Select(value)]);
    }
}
