using GpuDiag.Reports;
using GpuDiag.Reports.Tables;
using Parquet;
using Parquet.Schema;

namespace GpuDiag.Scoring.Rows;

/// <summary>A range of rows that becomes one file: what is carried over, what the model gave, and what could not be scored.</summary>
internal sealed class Part
{
    private int open;

    public Part(int index, long first, int rows, ScorePlan plan, int blocks)
    {
        (Index, First, Rows, open) = (index, first, rows, blocks);
        Carried = [.. plan.Carried.Select(c => c.Make(rows))];
        Results = [.. plan.Results.SelectMany(r => r.Make(rows))];
        Unscored = new bool[rows];
    }

    public int Index { get; }

    /// <summary>Position of its first row in the dataset.</summary>
    public long First { get; }

    public int Rows { get; }

    public IReadOnlyList<PartColumn> Carried { get; }

    public IReadOnlyList<PartColumn> Results { get; }

    /// <summary>Rows that get no results: an input is missing, or its image is damaged.</summary>
    public bool[] Unscored { get; }

    /// <summary>What became of its rows.</summary>
    public PartCounts Counts { get; } = new();

    /// <summary>A block is done; says whether it was the last one.</summary>
    public bool Close() => Interlocked.Decrement(ref open) == 0;

    /// <summary>Writes it as Parquet, one row group. The same rows give the same bytes.</summary>
    public async Task Write(Stream stream, CancellationToken cancellation)
    {
        PartColumn[] columns = [.. Carried, .. Results];
        var schema = new ParquetSchema(columns.Select(c => c.Field).ToArray());
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, TableEncoding.Options, cancellationToken: cancellation);
        writer.CustomMetadata = ProgramVersion.Metadata;
        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            cancellation.ThrowIfCancellationRequested();
            await column.Write(group, Rows, cancellation);
        }
    }
}

/// <summary>Counts of a part; safe to add to from several threads.</summary>
internal sealed class PartCounts
{
    private long missing;
    private long damaged;
    private long undefined;

    /// <summary>Rows with a null or NaN input.</summary>
    public long Missing { get => missing; init => missing = value; }

    /// <summary>Rows whose image could not be read or decoded.</summary>
    public long Damaged { get => damaged; init => damaged = value; }

    /// <summary>Rows for which the model gave NaN.</summary>
    public long Undefined { get => undefined; init => undefined = value; }

    public void AddMissing() => Interlocked.Increment(ref missing);

    public void AddDamaged() => Interlocked.Increment(ref damaged);

    public void AddUndefined() => Interlocked.Increment(ref undefined);
}
