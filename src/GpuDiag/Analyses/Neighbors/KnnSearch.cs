using System.Diagnostics;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Searches as it is enumerated, so that no more than a piece of what is found is in memory.</summary>
internal sealed class KnnSearch : IKnnLists
{
    private readonly KnnInputs inputs;
    private readonly KnnOptions options;
    private readonly IProgress<ScanProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly Backend backend;
    private readonly int threads;

    /// <summary>Reads the vectors of both sides; ids too, unless told not to.</summary>
    /// <exception cref="InputException">The data is wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent.</exception>
    public KnnSearch(KnnInputs inputs, KnnOptions options, StageClock clock, IProgress<ScanProgress>? progress, CancellationToken cancel, bool ids = true)
    {
        (this.inputs, this.options, this.progress, this.cancel) = (inputs, options, progress, cancel);
        threads = options.Threads ?? Environment.ProcessorCount;
        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
        backend = choice.Backend;
        Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason);
        try
        {
            Read(clock, ids);
        }
        catch
        {
            backend.Dispose();
            throw;
        }

        VectorStore queries = inputs.Queries.Vectors, searched = inputs.Searched.Vectors;
        Facts = new KnnFacts(queries.Width, options.Metric ?? EmbeddedRows.DefaultMetric(queries.Width), queries.Rows, queries.NullRows, searched.Rows, searched.NullRows);
        Vectors = inputs.IsSelf ? [Use("queries", inputs.Queries)] : [Use("queries", inputs.Queries), Use("base", inputs.Searched)];
    }

    public KnnFacts Facts { get; }

    public DeviceUsed Device { get; }

    public IReadOnlyList<VectorsUsed> Vectors { get; }

    public long ExcludedBase { get; private set; }

    /// <summary>Time that the search itself took so far.</summary>
    public TimeSpan Searched { get; private set; }

    public IEnumerable<KnnList> Lists() => Lists(0, Facts.Queries);

    /// <summary>The same of a run of queries.</summary>
    public IEnumerable<KnnList> Lists(long first, long end)
    {
        if (first == end)
        {
            yield break;
        }

        NeighborSearch search = new()
        {
            Backend = backend,
            Queries = inputs.Queries.Vectors.Block.Slice(first, end - first),
            Base = inputs.Searched.Vectors.Block,
            K = options.K,
            Metric = Facts.Metric,
            ExcludeSelf = inputs.IsSelf || options.ExcludeSelf,
            Threads = threads,
            Memory = options.Memory / 4,
            Progress = done => progress?.Report(new ScanProgress("searching", done, end - first)),
            Cancel = cancel,
            Log = options.Log,
        };
        KnnList list = new(Facts.Most(options.K));
        long start = Stopwatch.GetTimestamp();
        foreach (NeighborState piece in search.Pieces())
        {
            Searched += Stopwatch.GetElapsedTime(start);
            ExcludedBase = piece.ExcludedRows;
            for (long query = 0; query < piece.Plan.Queries.Rows; query++)
            {
                Fill(list, piece, query);
                yield return list;
            }

            start = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose() => backend.Dispose();

    private static VectorsUsed Use(string side, VectorInput input) =>
        new(side, input.Column, input.Vectors.Rows, input.Vectors.Width, input.Vectors.Residence, input.Vectors.Bytes);

    private unsafe void Fill(KnnList list, NeighborState piece, long query)
    {
        ReadOnlySpan<double> keys = piece.Keys(query);
        VectorBlock block = piece.Plan.Queries;
        list.Query = block.FirstRow + query;
        list.Count = keys.Length;
        list.IsExcluded = keys.Length == 0 && VectorDistance.IsExcluded(Facts.Metric, VectorDistance.Dot(block.Row(query), block.Row(query), block.Width));
        for (int i = 0; i < keys.Length; i++)
        {
            list.Distances[i] = VectorDistance.FromKey(Facts.Metric, keys[i]);
        }

        piece.Rows(query).CopyTo(list.Neighbors);
    }

    private void Read(StageClock clock, bool ids)
    {
        VectorRoom room = new(options.Memory / 2 ?? VectorRoom.DefaultBytes, options.Scratch ?? Path.GetTempPath());
        foreach (VectorInput input in inputs.Sides)
        {
            clock.Time(input == inputs.Queries ? "read" : "read base", () =>
            {
                input.Read(threads, options.Memory / 4, room, (done, all) => progress?.Report(new ScanProgress("reading", done, all)), cancel, ids);
                return true;
            });
        }

        if (inputs.Queries.Vectors.Width != inputs.Searched.Vectors.Width)
        {
            throw new InputException(
                $"has vectors of {inputs.Searched.Vectors.Width} dimensions, but the queries in {inputs.Queries.File} have {inputs.Queries.Vectors.Width}",
                inputs.Searched.File,
                inputs.Searched.Column,
                "Give both sides embeddings of one model, or name other columns with --embedding and --base-embedding.");
        }
    }
}
