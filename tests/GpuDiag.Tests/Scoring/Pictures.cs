using ParquetSharp;

namespace GpuDiag.Tests.Scoring;

/// <summary>Datasets of one column, <c>image</c>.</summary>
internal static class Pictures
{
    public static string Write(string path, byte[]?[] images) => Write<byte[]>(path, images!);

    public static string WritePaths(string path, string?[] images) => Write<string>(path, images!);

    private static string Write<T>(string path, T[] values)
    {
        using ParquetFileWriter writer = new(path, [new Column<T>("image")]);
        using (var group = writer.AppendRowGroup())
        {
            using var column = group.NextColumn().LogicalWriter<T>();
            column.WriteBatch(values);
        }
        writer.Close();
        return path;
    }
}
