using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>The failures to find more of: their vectors, and the clusters that share the budget.</summary>
internal sealed class Anchors : IDisposable
{
    private readonly GatheredVectors vectors;

    private Anchors(GatheredVectors vectors, IReadOnlyList<FailureCase> cases, int[] groups, IReadOnlyList<MinedGroup> table)
        => (this.vectors, Cases, Groups, Table) = (vectors, cases, groups, table);

    /// <summary>In the order of their rows.</summary>
    public IReadOnlyList<FailureCase> Cases { get; }

    /// <summary>Per anchor the place of its cluster in <see cref="Table"/>.</summary>
    public int[] Groups { get; }

    /// <summary>The most severe first, without shares of a budget yet.</summary>
    public IReadOnlyList<MinedGroup> Table { get; }

    public VectorBlock Block => vectors.Block;

    /// <summary>Takes the failures that have a usable vector, and puts them into clusters: the source's, else by k-means.</summary>
    /// <param name="source">With its failures.</param>
    /// <param name="all">The failures' vectors, in their order; disposed with this.</param>
    /// <param name="backend">Assigns rows to clusters.</param>
    /// <param name="options">Seed and threads.</param>
    /// <param name="metric">What near means.</param>
    /// <param name="grouped">They are put into clusters, which who only searches does not need; else all are in one.</param>
    /// <param name="cancel">Stops it.</param>
    public static Anchors Of(CaseSource source, GatheredVectors all, Backend backend, MineOptions options, VectorMetric metric, bool grouped, CancellationToken cancel)
    {
        int threads = options.Threads ?? Environment.ProcessorCount;
        double[] squares = EmbeddedRows.Squares(all.Block, threads);
        long[] usable = [.. Enumerable.Range(0, squares.Length).Where(i => !VectorDistance.IsExcluded(metric, squares[i])).Select(i => (long)i)];
        if (usable.Length == 0)
        {
            all.Dispose();
            throw new InputException("no failure has a usable vector", source.Name, null, "Check the embedding of these rows: all are null, NaN or zero.");
        }

        FailureCase[] cases = [.. usable.Select(i => source.Failures![(int)i])];
        GatheredVectors vectors = all;
        if (usable.Length < squares.Length)
        {
            vectors = GatheredVectors.Of(all.Block, usable);
            all.Dispose();
        }

        bool known = cases.All(c => c.Cluster is not null);
        int[] numbers = !grouped ? new int[cases.Length] : known ? [.. cases.Select(c => c.Cluster!.Value)] : Cluster(vectors.Block, backend, options.Seed, metric, threads, cancel);
        IReadOnlyList<MinedGroup> table = [.. Enumerable.Range(0, cases.Length)
            .GroupBy(i => numbers[i])
            .Select(g => Group(g.Key, [.. g.Select(i => cases[i])], known ? source.ClusterRows.GetValueOrDefault(g.Key) : 0))
            .OrderByDescending(g => g.Severity)
            .ThenBy(g => g.Cluster)];
        Dictionary<int, int> places = table.Select((g, i) => (g.Cluster, i)).ToDictionary(p => p.Cluster, p => p.i);
        return new Anchors(vectors, cases, [.. numbers.Select(n => places[n])], table);
    }

    /// <summary>
    /// The median over the failures of the distance to the nearest other one; NaN with fewer than two.
    /// </summary>
    public double Spacing(Backend backend, VectorMetric metric, int threads, long? memory, CancellationToken cancel)
    {
        NeighborSearch search = new() { Backend = backend, Queries = Block, Base = Block, K = 1, Metric = metric, ExcludeSelf = true, Threads = threads, Memory = memory, Cancel = cancel };
        return Median(search, metric);
    }

    /// <summary>The median distance of queries to their nearest; NaN where none has one.</summary>
    public static double Median(NeighborSearch search, VectorMetric metric)
    {
        List<double> nearest = [];
        foreach (NeighborState piece in search.Pieces())
        {
            for (long i = 0; i < piece.Plan.Queries.Rows; i++)
            {
                if (piece.Keys(i).Length > 0)
                {
                    nearest.Add(VectorDistance.FromKey(metric, piece.Keys(i)[0]));
                }
            }
        }

        nearest.Sort();
        return Percentile.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(nearest), 0.5);
    }

    public void Dispose() => vectors.Dispose();

    private static MinedGroup Group(int number, FailureCase[] cases, long rows)
    {
        FailureCase? typical = cases
            .Where(c => c.Label is not null && c.Pred is not null)
            .GroupBy(c => (c.Label, c.Pred))
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key.Label, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Pred, StringComparer.Ordinal)
            .FirstOrDefault()?.First();
        rows = Math.Max(rows, cases.Length);
        return new MinedGroup(number, rows, cases.Length, Quotas.Severity(cases.Length, rows), 0, 0, typical?.Label, typical?.Pred);
    }

    private static int[] Cluster(VectorBlock vectors, Backend backend, ulong seed, VectorMetric metric, int threads, CancellationToken cancel)
    {
        KMeans means = new() { Backend = backend, Vectors = vectors, Metric = metric, Largest = VectorRange.Of(vectors, threads, cancel).Largest, Threads = threads, Cancel = cancel };
        return means.Run((int)Math.Min(KMeans.DefaultClusters(vectors.Rows), vectors.Rows), seed).Nearest;
    }
}
