using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Both sides of a search for neighbours, opened.</summary>
internal sealed class KnnInputs : IDisposable
{
    private KnnInputs(VectorInput queries, VectorInput searched) => (Queries, Searched) = (queries, searched);

    public VectorInput Queries { get; }

    /// <summary>The base; the queries themselves where these are searched among themselves.</summary>
    public VectorInput Searched { get; }

    public bool IsSelf => Queries == Searched;

    /// <summary>Each side once.</summary>
    public IEnumerable<VectorInput> Sides => IsSelf ? [Queries] : [Queries, Searched];

    public IEnumerable<RoleTaken> Taken => Queries.Taken.Concat(IsSelf ? [] : Searched.Taken.Select(r => r with { Role = $"base {r.Role}" }));

    /// <summary>What the sides are, to tell whether others are the same.</summary>
    public SortedDictionary<string, string> Data => IsSelf ? StateAbout.DataOf(("queries", Queries.Data)) : StateAbout.DataOf(("queries", Queries.Data), ("base", Searched.Data));

    /// <exception cref="InputException">Options or data are wrong.</exception>
    public static KnnInputs Open(KnnOptions options, Quarantine? quarantine, StageClock clock)
    {
        VectorInput queries = clock.Time("open", () => VectorInput.Open(options.Queries, options.Embedding, options.Id, options.SkipUnreadable, quarantine));
        try
        {
            string? embedding = options.BaseEmbedding ?? (options.Embedding is { } e && !VectorInput.IsNpy(e) ? e : null);
            return new KnnInputs(queries, options.Base.Count == 0 ? queries
                : clock.Time("open base", () => VectorInput.Open(options.Base, embedding, options.BaseId ?? options.Id, options.SkipUnreadable, quarantine)));
        }
        catch
        {
            queries.Dispose();
            throw;
        }
    }

    /// <exception cref="InputException">A file is not what it was when it was opened.</exception>
    public void CheckUnchanged()
    {
        Queries.CheckUnchanged();
        Searched.CheckUnchanged();
    }

    public void Dispose()
    {
        foreach (VectorInput side in Sides)
        {
            side.Dispose();
        }
    }
}
