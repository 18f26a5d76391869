using System.Globalization;
using DuckDB.NET.Data;

namespace GpuDiag.DataGen;

/// <summary>Writes the result of a query as Parquet with DuckDB's own writer: a file as a peer would write it.</summary>
internal static class ParquetFile
{
    /// <summary>Writes <paramref name="sql"/> to <paramref name="file"/>, in the order of the query; an older file is replaced.</summary>
    public static void Write(string sql, FileInfo file, string codec, int rowGroup)
    {
        file.Directory?.Create();
        var part = file.FullName + ".part";
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"COPY ({sql}) TO '{part.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE {rowGroup})");
            command.ExecuteNonQuery();
        }
        File.Move(part, file.FullName, overwrite: true);
        file.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {file.Length} bytes"));
    }
}
