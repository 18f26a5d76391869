using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace GpuDiag.DuckDbCount;

/// <summary>The peer's job: one count and one sum for each cell of segment × label × prediction.</summary>
internal sealed class CountQuery : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly DuckDBCommand _command;

    public CountQuery(FileInfo file, string segment, int threads)
    {
        _connection.Open();
        _command = _connection.CreateCommand();
        _command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SET threads = {threads}");
        _command.ExecuteNonQuery();
        // The cells are totalled inside DuckDB: handing half a million rows to .NET would be the binding's time, not DuckDB's.
        _command.CommandText = "SELECT version(), count(*), sum(n)::BIGINT, sum(c)::DOUBLE FROM (SELECT "
            + $"\"{segment.Replace("\"", "\"\"", StringComparison.Ordinal)}\" AS segment, label, pred, count(*) AS n, sum(confidence) AS c "
            + $"FROM read_parquet('{file.FullName.Replace("'", "''", StringComparison.Ordinal)}') GROUP BY ALL)";
    }

    /// <summary>Runs the query once.</summary>
    /// <returns>Milliseconds and what DuckDB found.</returns>
    public (double Milliseconds, string Answer) Run()
    {
        var watch = Stopwatch.StartNew();
        using var reader = _command.ExecuteReader();
        reader.Read();
        var answer = string.Create(CultureInfo.InvariantCulture,
            $"DuckDB {reader.GetString(0)} cells={reader.GetInt64(1)} rows={reader.GetInt64(2)} confidence={reader.GetDouble(3):F3}");
        return (watch.Elapsed.TotalMilliseconds, answer);
    }

    /// <summary>Runs <paramref name="repetitions"/> times and writes minimum, median and maximum.</summary>
    public void Measure(int repetitions, TextWriter output)
    {
        var runs = Enumerable.Range(0, repetitions).Select(_ => Run()).ToArray();
        var times = runs.Select(run => run.Milliseconds).Order().ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"min {times[0]:F0} ms  median {times[times.Length / 2]:F0} ms  max {times[^1]:F0} ms  {runs[0].Answer}"));
    }

    /// <summary>Answers every line of <paramref name="input"/> with one run, until it ends.</summary>
    public void Serve(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is not null)
        {
            var (milliseconds, answer) = Run();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} {answer}"));
            output.Flush();
        }
    }

    public void Dispose()
    {
        _command.Dispose();
        _connection.Dispose();
    }
}
