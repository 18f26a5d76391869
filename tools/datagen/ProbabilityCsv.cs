using System.Globalization;
using DuckDB.NET.Data;

namespace GpuDiag.DataGen;

/// <summary>Writes predictions from Parquet as the plain CSV of the golden tests (label, pred, p0..pN, other columns), for
/// Python peers that have no Parquet reader.</summary>
internal static class ProbabilityCsv
{
    /// <summary>Writes <paramref name="source"/>, whose <c>probs</c> lists all have the length of the first, to <paramref name="target"/>.</summary>
    public static void Write(FileInfo source, FileInfo target, IEnumerable<string> columns)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT len(probs) FROM {Quote(source)} LIMIT 1";
        var classes = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        var probabilities = Enumerable.Range(0, classes)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"probs[{k + 1}] AS p{k}"));
        var selected = probabilities.Concat(columns.Select(column => $"\"{column}\""));
        command.CommandText = $"COPY (SELECT label, pred, {string.Join(", ", selected)} FROM {Quote(source)}) TO {Quote(target)} (FORMAT csv)";
        command.ExecuteNonQuery();
    }

    private static string Quote(FileInfo file) => $"'{file.FullName.Replace("'", "''", StringComparison.Ordinal)}'";
}
