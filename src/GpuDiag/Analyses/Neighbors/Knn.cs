using System.Diagnostics;
using System.Reflection;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// Exact neighbours of the rows of one dataset in another, or in itself. <see cref="Open"/> reads both; <see cref="Rows"/>
/// searches as it is enumerated, so that no more than a piece of the result is in memory; then <see cref="Finish"/> sums up.
/// </summary>
public sealed class Knn : IDisposable
{
    private readonly KnnOptions options;
    private readonly StageClock clock;
    private readonly IProgress<ScanProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly KnnTally tally = new();
    private readonly Backend backend;
    private readonly string reason;
    private readonly int threads;
    private readonly VectorInput queries;
    private readonly VectorInput searched;
    private long searchTicks;
    private long excludedBase;

    private Knn(KnnOptions options, Quarantine? quarantine, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        (this.options, this.progress, this.cancel) = (options, progress, cancel);
        clock = new StageClock(progress, cancel);
        threads = options.Threads ?? Environment.ProcessorCount;
        VectorInput? opened = null, other = null;
        Backend? device = null;
        try
        {
            opened = queries = clock.Time("open", () => VectorInput.Open(options.Queries, options.Embedding, options.Id, options.SkipUnreadable, quarantine));
            other = searched = IsSelf ? queries : clock.Time("open base", () => OpenBase(quarantine));
            BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
            (device, backend, reason) = (choice.Backend, choice.Backend, choice.Reason);
            Read();
            Metric = options.Metric ?? EmbeddedRows.DefaultMetric(queries.Vectors.Width);
        }
        catch
        {
            device?.Dispose();
            Close(opened, other);
            throw;
        }
    }

    public VectorMetric Metric { get; }

    /// <summary>How the table names a query: its id, or null where it has the number.</summary>
    internal Func<long, string>? QueryId => queries.Ids is { } ids ? row => ids[row] : null;

    /// <summary>How the table names a neighbour.</summary>
    internal Func<long, string>? NeighborId => searched.Ids is { } ids ? row => ids[row] : null;

    private bool IsSelf => options.Base.Count == 0;

    /// <summary>Opens and reads both sides.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Knn Open(KnnOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        Quarantine quarantine = new();
        while (true)
        {
            try
            {
                return new Knn(options, options.SkipUnreadable ? quarantine : null, progress, cancel);
            }
            catch (Exception fault) when (options.SkipUnreadable && quarantine.Takes(fault))
            {
                // Once more, without the files at fault.
            }
        }
    }

    /// <summary>The lines of the table, by query, then by rank. To be enumerated once, to the end.</summary>
    public IEnumerable<KnnRow> Rows()
    {
        NeighborSearch search = new()
        {
            Backend = backend,
            Queries = queries.Vectors.Block,
            Base = searched.Vectors.Block,
            K = options.K,
            Metric = Metric,
            ExcludeSelf = IsSelf || options.ExcludeSelf,
            Threads = threads,
            Memory = options.Memory / 4,
            Progress = done => progress?.Report(new ScanProgress("searching", done, queries.Vectors.Rows)),
            Cancel = cancel,
            Log = options.Log,
        };
        long start = Stopwatch.GetTimestamp();
        foreach (NeighborState piece in search.Pieces())
        {
            searchTicks += Stopwatch.GetTimestamp() - start;
            excludedBase = piece.ExcludedRows;
            for (long query = 0; query < piece.Plan.Queries.Rows; query++)
            {
                Count(piece, query);
                int found = piece.Rows(query).Length;
                for (int i = 0; i < found; i++)
                {
                    double distance = VectorDistance.FromKey(Metric, piece.Keys(query)[i]);
                    yield return new KnnRow(piece.Plan.Queries.FirstRow + query, i + 1, piece.Rows(query)[i], distance);
                }
            }

            start = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>What all lists say, after the last line.</summary>
    /// <exception cref="InputException">A file is not what it was when it was opened.</exception>
    public KnnResult Finish()
    {
        queries.CheckUnchanged();
        searched.CheckUnchanged();
        KnnSide side = Side(queries, tally.ExcludedQueries);
        return new KnnResult
        {
            Queries = side,
            Base = IsSelf ? side : Side(searched, excludedBase),
            IsSelf = IsSelf,
            Width = queries.Vectors.Width,
            Metric = Metric,
            K = options.K,
            Neighbors = tally.Neighbors,
            ShortLists = tally.ShortLists,
            Nearest = tally.Nearest,
            Last = tally.Last,
        };
    }

    /// <summary>How it was done so far.</summary>
    public RunInfo Run() => new()
    {
        Version = typeof(Knn).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Roles = [.. queries.Taken, .. IsSelf ? [] : searched.Taken.Select(r => r with { Role = $"base {r.Role}" })],
        Device = new DeviceUsed(backend.Name, backend.Description, reason),
        Threads = threads,
        Seed = 0,
        Inputs = [.. Sides(s => s.Files)],
        Skipped = [.. Sides(s => s.Skipped)],
        Vectors = IsSelf ? [Use("queries", queries)] : [Use("queries", queries), Use("base", searched)],
        Timings = [.. clock.Timings, new StageTime("search", Stopwatch.GetElapsedTime(0, searchTicks).TotalSeconds)],
    };

    public void Dispose()
    {
        backend.Dispose();
        Close(queries, searched);
    }

    private static void Close(VectorInput? queries, VectorInput? searched)
    {
        queries?.Dispose();
        if (searched != queries)
        {
            searched?.Dispose();
        }
    }

    private static KnnSide Side(VectorInput input, long excluded) =>
        new(input.Vectors.Rows, input.Vectors.NullRows, excluded - input.Vectors.NullRows);

    private static VectorsUsed Use(string side, VectorInput input) =>
        new(side, input.Column, input.Vectors.Rows, input.Vectors.Width, input.Vectors.Residence, input.Vectors.Bytes);

    private unsafe void Count(NeighborState piece, long query)
    {
        ReadOnlySpan<double> keys = piece.Keys(query);
        if (keys.Length > 0)
        {
            tally.Add(keys.Length, keys.Length < options.K, VectorDistance.FromKey(Metric, keys[0]), VectorDistance.FromKey(Metric, keys[^1]));
            return;
        }

        VectorBlock block = piece.Plan.Queries;
        if (VectorDistance.IsExcluded(Metric, VectorDistance.Dot(block.Row(query), block.Row(query), block.Width)))
        {
            tally.AddExcluded();
        }
        else
        {
            tally.Add(0, true, double.NaN, double.NaN);
        }
    }

    private IEnumerable<T> Sides<T>(Func<VectorInput, IEnumerable<T>> part) => IsSelf ? part(queries) : part(queries).Concat(part(searched));

    private VectorInput OpenBase(Quarantine? quarantine)
    {
        string? embedding = options.BaseEmbedding ?? (options.Embedding is { } e && !VectorInput.IsNpy(e) ? e : null);
        return VectorInput.Open(options.Base, embedding, options.BaseId ?? options.Id, options.SkipUnreadable, quarantine);
    }

    private void Read()
    {
        VectorRoom room = new(options.Memory / 2 ?? VectorRoom.DefaultBytes, options.Scratch ?? Path.GetTempPath());
        foreach (VectorInput input in IsSelf ? [queries] : new[] { queries, searched })
        {
            clock.Time(input == queries ? "read" : "read base", () =>
            {
                input.Read(threads, options.Memory / 4, room, (done, all) => progress?.Report(new ScanProgress("reading", done, all)), cancel);
                return true;
            });
        }

        if (queries.Vectors.Width != searched.Vectors.Width)
        {
            throw new InputException(
                $"has vectors of {searched.Vectors.Width} dimensions, but the queries in {queries.File} have {queries.Vectors.Width}",
                searched.File,
                searched.Column,
                "Give both sides embeddings of one model, or name other columns with --embedding and --base-embedding.");
        }
    }
}
