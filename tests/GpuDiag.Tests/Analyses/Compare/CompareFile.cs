using ParquetSharp;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>Writes a table of columns as Parquet, in any cut.</summary>
internal static class CompareFile
{
    public static string Write(string path, params (string Name, Array Values)[] columns) => Write(path, int.MaxValue, columns);

    /// <param name="group">Rows of a row group.</param>
    public static string Write(string path, int group, params (string Name, Array Values)[] columns)
    {
        using ParquetFileWriter file = new(path, [.. columns.Select(c => new Column(c.Values.GetType().GetElementType()!, c.Name))]);
        int rows = columns[0].Values.Length;
        for (int start = 0; start < rows; start += group)
        {
            int count = Math.Min(group, rows - start);
            using RowGroupWriter writer = file.AppendRowGroup();
            foreach ((_, Array values) in columns)
            {
                Array part = Array.CreateInstance(values.GetType().GetElementType()!, count);
                Array.Copy(values, start, part, 0, count);
                using LogicalColumnWriter column = writer.NextColumn().LogicalWriter();
                column.Apply(new Put(part));
            }

            if (group == int.MaxValue)
            {
                break;
            }
        }

        file.Close();
        return path;
    }

    private sealed class Put(Array values) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> columnWriter)
        {
            columnWriter.WriteBatch((TValue[])values);
            return true;
        }
    }
}
