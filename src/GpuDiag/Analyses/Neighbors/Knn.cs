using System.Reflection;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// Exact neighbours of the rows of one dataset in another, or in itself. <see cref="Open"/> reads both; <see cref="Rows"/>
/// searches as it is enumerated, so that no more than a piece of the result is in memory; then <see cref="Finish"/> sums up.
/// </summary>
public sealed class Knn : IDisposable
{
    private readonly KnnOptions options;
    private readonly StageClock clock;
    private readonly KnnTally tally = new();
    private readonly KnnInputs inputs;
    private readonly IKnnLists lists;

    private Knn(KnnOptions options, StageClock clock, KnnInputs inputs, IKnnLists lists) =>
        (this.options, this.clock, this.inputs, this.lists) = (options, clock, inputs, lists);

    /// <summary>How the table names a query: its id, or null where it has the number.</summary>
    internal Func<long, string>? QueryId => inputs.Queries.Ids is { } ids ? row => ids[row] : null;

    /// <summary>How the table names a neighbour.</summary>
    internal Func<long, string>? NeighborId => inputs.Searched.Ids is { } ids ? row => ids[row] : null;

    /// <summary>Opens and reads both sides.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Knn Open(KnnOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Quarantine.Attempts(options.SkipUnreadable, quarantine =>
        {
            StageClock clock = new(progress, cancel);
            return Of(options, quarantine, clock, inputs => new KnnSearch(inputs, options, clock, progress, cancel));
        });
    }

    /// <summary>Opens both sides, and reads their ids: what was searched stands in the parts.</summary>
    /// <param name="options">Those of the parts.</param>
    /// <param name="parts">All of one search in their order, peeked at.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InputException">The data is not that of the parts.</exception>
    internal static Knn Merge(KnnOptions options, IReadOnlyList<StateBook> parts, CancellationToken cancel)
    {
        Quarantine quarantine = new();
        quarantine.Takes(new UnreadableFilesException(parts[0].About.LeftOut()));
        StageClock clock = new(null, cancel);
        return Of(options, quarantine, clock, inputs =>
        {
            KnnParts merged = new(parts, inputs, options.K);
            foreach (VectorInput side in inputs.Sides)
            {
                side.ReadIds(new Pipeline(side.Data, options.Threads ?? Environment.ProcessorCount, options.Memory / 4, cancel));
            }

            return merged;
        });
    }

    /// <summary>The lines of the table, by query, then by rank. To be enumerated once, to the end.</summary>
    public IEnumerable<KnnRow> Rows()
    {
        foreach (KnnList list in lists.Lists())
        {
            Count(list);
            for (int i = 0; i < list.Count; i++)
            {
                yield return new KnnRow(list.Query, i + 1, list.Neighbors[i], list.Distances[i]);
            }
        }
    }

    /// <summary>What all lists say, after the last line.</summary>
    /// <exception cref="InputException">A file is not what it was when it was opened.</exception>
    public KnnResult Finish()
    {
        inputs.CheckUnchanged();
        KnnFacts facts = lists.Facts;
        KnnSide queries = new(facts.Queries, facts.Nulls, tally.ExcludedQueries - facts.Nulls);
        return new KnnResult
        {
            Queries = queries,
            Base = inputs.IsSelf ? queries : new KnnSide(facts.BaseRows, facts.BaseNulls, lists.ExcludedBase - facts.BaseNulls),
            IsSelf = inputs.IsSelf,
            Width = facts.Width,
            Metric = facts.Metric,
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
        Roles = [.. inputs.Taken],
        Device = lists.Device,
        Threads = options.Threads ?? Environment.ProcessorCount,
        Seed = 0,
        Inputs = [.. inputs.Sides.SelectMany(s => s.Files)],
        Skipped = [.. inputs.Sides.SelectMany(s => s.Skipped)],
        Vectors = lists.Vectors,
        Timings = [.. clock.Timings, .. lists is KnnSearch search ? [new StageTime("search", search.Searched.TotalSeconds)] : Array.Empty<StageTime>()],
    };

    public void Dispose()
    {
        lists.Dispose();
        inputs.Dispose();
    }

    private static Knn Of(KnnOptions options, Quarantine? quarantine, StageClock clock, Func<KnnInputs, IKnnLists> lists)
    {
        KnnInputs inputs = KnnInputs.Open(options, quarantine, clock);
        try
        {
            return new Knn(options, clock, inputs, lists(inputs));
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private void Count(KnnList list)
    {
        if (list.IsExcluded)
        {
            tally.AddExcluded();
        }
        else
        {
            bool any = list.Count > 0;
            tally.Add(list.Count, list.Count < options.K, any ? list.Distances[0] : double.NaN, any ? list.Distances[list.Count - 1] : double.NaN);
        }
    }
}
