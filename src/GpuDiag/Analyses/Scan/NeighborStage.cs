using GpuDiag.Analyses.Duplicates;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Scan;

/// <summary>The neighbour graph of a scan and all that stands on it.</summary>
/// <param name="Graph">The rows' neighbours among each other.</param>
/// <param name="TrainGraph">Their neighbours in the training set; null without one, or without an embedding of it.</param>
/// <param name="Rows">What the graph says of each row.</param>
internal sealed record NeighborStage(NeighborGraph Graph, NeighborGraph? TrainGraph, Neighborhood Rows)
{
    public required NeighborResult Neighbors { get; init; }

    public required OutlierResult Outliers { get; init; }

    /// <summary>Without the metrics of the rows that are not leaked.</summary>
    public required DuplicateResult Duplicates { get; init; }

    /// <param name="data">The rows to relate.</param>
    /// <param name="train">The training set; null for none.</param>
    /// <param name="contents">Digests of images or texts: of the data's rows, then of the training set's.</param>
    /// <param name="backend">Searches.</param>
    /// <param name="options">k, seed and memory.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="clock">Times the stages.</param>
    /// <param name="cancel">Stops a search.</param>
    public static NeighborStage Run(
        EmbeddedRows data, TrainRows? train, IReadOnlyList<UInt128[]> contents, Backend backend, ScanOptions options, int threads, StageClock clock, CancellationToken cancel)
    {
        NeighborGraph graph = Search("neighbors", data.Vectors.Block, true);
        NeighborGraph? trainGraph = train?.Vectors is null ? null : Search("train neighbors", train.Vectors.Block, false);
        return clock.Time("neighborhoods", () =>
        {
            long trainRows = train?.Rows ?? 0;
            DisjointSets joined = new(data.Rows + trainRows);
            bool[] equal = new bool[joined.Items];
            EqualVectors.Join(joined, data.Vectors.Block, train?.Vectors?.Block, IsExcluded, equal, threads);
            foreach (UInt128[] digests in contents)
            {
                ContentDigests.Join(joined, digests, equal);
            }

            NearVectors.Join(joined, graph, 0, NearVectors.Threshold(graph));
            if (trainGraph is not null)
            {
                NearVectors.Join(joined, trainGraph, data.Rows, NearVectors.Threshold(graph, trainGraph));
            }

            Neighborhood rows = new(data, graph, new DuplicateSets(joined, data.Facts, train is null ? [] : train.Labels));
            return new NeighborStage(graph, trainGraph, rows)
            {
                Neighbors = rows.Neighbors(options.Seed, threads),
                Outliers = rows.Outliers(),
                Duplicates = rows.Duplicates(equal.AsSpan(0, (int)data.Rows).Count(true), trainGraph is null ? null : NearVectors.Threshold(graph, trainGraph)),
            };
        });

        bool IsExcluded(int item) => item < data.Rows ? data.IsExcluded(item) : train!.IsExcluded(item - data.Rows);

        NeighborGraph Search(string stage, VectorBlock among, bool self)
        {
            NeighborGraph found = new(data.Rows, options.Neighbors, data.Metric);
            clock.Pass(stage, "searching neighbours", data.Rows, done =>
            {
                NeighborSearch search = new()
                {
                    Backend = backend,
                    Queries = data.Vectors.Block,
                    Base = among,
                    K = options.Neighbors,
                    Metric = data.Metric,
                    ExcludeSelf = self,
                    Threads = threads,
                    Memory = options.Memory,
                    Progress = done,
                    Cancel = cancel,
                };
                foreach (NeighborState piece in search.Pieces())
                {
                    found.Add(piece);
                }
            });
            return found;
        }
    }
}
