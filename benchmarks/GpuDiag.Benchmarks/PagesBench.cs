using BenchmarkDotNet.Attributes;
using DuckDB.NET.Data;
using GpuDiag.Columns;
using GpuDiag.Columns.Parquet;
using GpuDiag.Columns.Parquet.Pages;

namespace GpuDiag.Benchmarks;

/// <summary>
/// Decodes label, prediction and segment to codes and the confidence to floats, and does nothing with them: the page
/// decoder against the library, through the same interface. Time is per row; files are DuckDB's, in the page cache.
/// </summary>
[MemoryDiagnoser]
public class PagesBench
{
    private const int Rows = 20_000_000;
    private static readonly string[] Codes = ["label", "pred", "segment"];
    private string path = "";

    [Params("uniform", "runs", "nullable")]
    public string Shape { get; set; } = "";

    [Params("snappy", "zstd")]
    public string Codec { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void WriteFile()
    {
        path = Path.Combine(Path.GetTempPath(), $"gpudiag-bench-{Shape}-{Codec}.parquet");
        string index = Shape == "runs" ? "i // (1 + hash(i // 1000) % 40)" : "i";
        string label = $"(hash({index}) % 100)::INTEGER";
        string value = Shape == "nullable" ? $"CASE WHEN hash(i + 7) % 20 = 0 THEN NULL ELSE {label} END" : label;
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText =
            $"COPY (SELECT {value} AS label, (hash({index} + 1) % 100)::INTEGER AS pred, (hash(i) / 18446744073709551615.0)::FLOAT AS confidence, "
            + $"'segment ' || (hash({index} + 2) % 50) AS segment FROM range({Rows}) t(i)) TO '{path}' (FORMAT parquet, COMPRESSION {Codec})";
        command.ExecuteNonQuery();
    }

    [GlobalCleanup]
    public void DeleteFile() => File.Delete(path);

    [Benchmark(OperationsPerInvoke = Rows, Baseline = true)]
    public long Library() => Decode(ParquetSource.OpenLibrary(path));

    [Benchmark(OperationsPerInvoke = Rows)]
    public long Pages() => Decode(new PagesSource(path, () => throw new InvalidOperationException("not for these columns")));

    private long Decode(ISource opened)
    {
        using ISource source = opened;
        ColumnRequest[] requests =
        [
            .. Codes.Select(c => new ColumnRequest(c, ColumnForm.Codes, new Domain(c))),
            new ColumnRequest("confidence", ColumnForm.Numbers),
        ];
        long rows = 0;
        int next = -1;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            using IChunkReader reader = source.Open(requests);
            using Batch batch = new(requests);
            for (int chunk; (chunk = Interlocked.Increment(ref next)) < source.ChunkRows.Count;)
            {
                reader.Start(chunk);
                while (reader.Read(batch) > 0)
                {
                    Interlocked.Add(ref rows, batch.Rows);
                }
            }
        });
        return rows == Rows ? rows : throw new InvalidOperationException($"{rows} rows");
    }
}
