using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Drift;

/// <summary>Parquet files of columns of any type, in as many row groups as asked for.</summary>
internal static class DriftFile
{
    public static string Write(string path, int groups, params (string Name, Array Values)[] columns)
    {
        using ParquetFileWriter writer = new(path, [.. columns.Select(c => new Column(c.Values.GetType().GetElementType()!, c.Name))]);
        int rows = columns[0].Values.Length;
        for (int g = 0; g < groups; g++)
        {
            int start = (int)((long)rows * g / groups), end = (int)((long)rows * (g + 1) / groups);
            using RowGroupWriter group = writer.AppendRowGroup();
            foreach ((_, Array values) in columns)
            {
                using ColumnWriter column = group.NextColumn();
                column.LogicalWriter().Apply(new Writing(values, start, end));
            }
        }

        writer.Close();
        return path;
    }

    /// <summary>Some rows of every column.</summary>
    public static (string Name, Array Values)[] Rows((string Name, Array Values)[] columns, int[] rows) =>
        [.. columns.Select(c =>
        {
            Array picked = Array.CreateInstance(c.Values.GetType().GetElementType()!, rows.Length);
            for (int i = 0; i < rows.Length; i++)
            {
                picked.SetValue(c.Values.GetValue(rows[i]), i);
            }

            return (c.Name, picked);
        })];

    private sealed class Writing(Array values, int start, int end) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> column)
        {
            column.WriteBatch(((TValue[])values).AsSpan(start, end - start));
            return true;
        }
    }
}
