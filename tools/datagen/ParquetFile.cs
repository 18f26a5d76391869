using System.Globalization;
using DuckDB.NET.Data;

namespace GpuDiag.DataGen;

/// <summary>Writes the result of a query as Parquet, or CSV where the file is named so, with DuckDB's own writer: a file as a peer would write it.</summary>
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
            var format = file.Extension == ".csv" ? "FORMAT csv" : string.Create(CultureInfo.InvariantCulture, $"FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE {rowGroup}");
            command.CommandText = $"COPY ({sql}) TO '{part.Replace("'", "''", StringComparison.Ordinal)}' ({format})";
            command.ExecuteNonQuery();
        }
        File.Move(part, file.FullName, overwrite: true);
        file.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {file.Length} bytes"));
    }
}
