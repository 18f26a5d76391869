using ParquetSharp;

namespace GpuDiag.Tests.Cli;

/// <summary>Parquet files with a list of floats per row.</summary>
internal static class EmbeddingFile
{
    /// <summary>Vectors by formula: whole numbers of −4 to 4, few ties.</summary>
    public static float[]?[] Vectors(int rows, int width, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => (float)random.Next(-4, 5)).ToArray())];
    }

    /// <param name="path">The file.</param>
    /// <param name="vectors">Null for a null row.</param>
    /// <param name="ids">Null for a file without ids.</param>
    /// <param name="column">The column of the vectors.</param>
    public static string Write(string path, float[]?[] vectors, string?[]? ids = null, string column = "embedding")
    {
        Column[] columns = [new Column<float[]?>(column), .. ids is null ? Array.Empty<Column>() : [new Column<string?>("id")]];
        using ParquetFileWriter writer = new(path, columns);
        using RowGroupWriter group = writer.AppendRowGroup();
        using (LogicalColumnWriter<float[]?> values = group.NextColumn().LogicalWriter<float[]?>())
        {
            values.WriteBatch(vectors);
        }

        if (ids is not null)
        {
            using LogicalColumnWriter<string?> texts = group.NextColumn().LogicalWriter<string?>();
            texts.WriteBatch(ids);
        }

        writer.Close();
        return path;
    }

    /// <summary>Columns of a table of neighbours; numbers as text where there are no ids.</summary>
    public static (string[] Query, int[] Rank, string[] Neighbor, double[] Distance) ReadNeighbors(string path)
    {
        using ParquetFileReader file = new(path);
        List<string> query = [], neighbor = [];
        List<int> rank = [];
        List<double> distance = [];
        for (int g = 0; g < file.FileMetaData.NumRowGroups; g++)
        {
            using RowGroupReader group = file.RowGroup(g);
            int rows = (int)group.MetaData.NumRows;
            query.AddRange(Names(group, 0, rows));
            rank.AddRange(group.Column(1).LogicalReader<int>().ReadAll(rows));
            neighbor.AddRange(Names(group, 2, rows));
            distance.AddRange(group.Column(3).LogicalReader<double>().ReadAll(rows));
        }

        return ([.. query], [.. rank], [.. neighbor], [.. distance]);
    }

    private static IEnumerable<string> Names(RowGroupReader group, int column, int rows) =>
        group.Column(column).ColumnDescriptor.PhysicalType == PhysicalType.Int64
            ? group.Column(column).LogicalReader<long>().ReadAll(rows).Select(n => $"{n}")
            : group.Column(column).LogicalReader<string>().ReadAll(rows);
}
