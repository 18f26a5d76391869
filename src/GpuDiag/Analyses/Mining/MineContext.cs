using GpuDiag.Analyses.Neighbors;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>What a strategy may look at.</summary>
internal sealed record MineContext
{
    public required MineOptions Options { get; init; }

    public required Backend Backend { get; init; }

    public required VectorBlock Pool { get; init; }

    /// <summary>Null without a training set.</summary>
    public required VectorBlock? Train { get; init; }

    public required VectorMetric Metric { get; init; }

    /// <summary>Null without probabilities.</summary>
    public required PoolScores? Scores { get; init; }

    /// <summary>Null without cases.</summary>
    public required Anchors? Anchors { get; init; }

    public required int Threads { get; init; }

    public required long? Memory { get; init; }

    public required Action<string, long, long> Tell { get; init; }

    public required CancellationToken Cancel { get; init; }

    /// <summary>What parts found of the pool; null: it is searched here.</summary>
    public MineParts? Parts { get; init; }

    /// <summary>Of every pool row the nearest failure or, for k-center, training row: a list of one or none each, only until the next is asked for.</summary>
    /// <param name="to">What is searched for; the parts found the same.</param>
    /// <param name="shown">What is done, for people.</param>
    public IEnumerable<KnnList> PoolNearest(VectorBlock to, string shown) => Parts is { } parts ? parts.Lists(Pool.Rows, to.Rows) : PoolNearest(Pool, to, shown);

    /// <summary>The same of a run of pool rows, searched here.</summary>
    public IEnumerable<KnnList> PoolNearest(VectorBlock rows, VectorBlock to, string shown)
    {
        KnnList list = new(1);
        foreach (NeighborState piece in rows.Rows == 0 ? [] : Nearest(rows, to, shown).Pieces())
        {
            for (long i = 0; i < piece.Plan.Queries.Rows; i++)
            {
                list.Query = piece.Plan.Queries.FirstRow + i;
                list.Count = piece.Keys(i).Length;
                if (list.Count > 0)
                {
                    (list.Distances[0], list.Neighbors[0]) = (VectorDistance.FromKey(Metric, piece.Keys(i)[0]), piece.Rows(i)[0]);
                }

                yield return list;
            }
        }
    }

    /// <summary>The nearest base row of each query.</summary>
    public NeighborSearch Nearest(VectorBlock queries, VectorBlock to, string? shown = null) => new()
    {
        Backend = Backend,
        Queries = queries,
        Base = to,
        K = 1,
        Metric = Metric,
        Threads = Threads,
        Memory = Memory,
        Progress = shown is null ? null : done => Tell(shown, done, queries.Rows),
        Cancel = Cancel,
        Log = shown is null ? null : Options.Log,
    };
}

/// <summary>A row that was chosen.</summary>
/// <param name="Candidate">The row, and its nearest failure where there is one.</param>
/// <param name="Score">What it was chosen by.</param>
/// <param name="TrainRow">The nearest training row, or −1.</param>
/// <param name="TrainDistance">To it.</param>
internal readonly record struct ChosenRow(Candidate Candidate, double Score, long TrainRow, double TrainDistance);

/// <summary>What a strategy chose.</summary>
/// <param name="Rows">In the order of the choice.</param>
/// <param name="Excluded">Pool rows without a usable vector.</param>
/// <param name="Scale">τ; null without cases.</param>
/// <param name="InTrain">Candidates that the training set has.</param>
/// <param name="Repeated">Candidates that equal a chosen row.</param>
/// <param name="Quotas">Per cluster of failures; empty without cases.</param>
internal sealed record Choice(IReadOnlyList<ChosenRow> Rows, long Excluded, double? Scale, long InTrain, long Repeated, IReadOnlyList<int> Quotas);
