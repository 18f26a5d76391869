using GpuDiag.Columns;

namespace GpuDiag.Analyses.Gallery;

/// <summary>The worst errors of each group. Each list follows a total order, so any split and any order of merging give the same.</summary>
/// <param name="groups">The groups.</param>
/// <param name="perGroup">Errors kept of each, at least 1.</param>
internal sealed class ErrorTally(ErrorGroups groups, int perGroup)
{
    private readonly WorstErrors[] lists = [.. groups.Names.Select(_ => new WorstErrors(perGroup))];

    /// <summary>Takes an error; the parameters are those of <see cref="ErrorGroups.Add(WorstErrors[], in ChosenError, IReadOnlyList{CodeColumn}, int, int, IEnumerable{int})"/>.</summary>
    public void Add(in ChosenError error, IReadOnlyList<CodeColumn> values, int at, int cluster, IEnumerable<int> inSlices) =>
        groups.Add(lists, error, values, at, cluster, inSlices);

    /// <summary>Another of the same groups, with nothing in it.</summary>
    public ErrorTally New() => new(groups, perGroup);

    public void Merge(ErrorTally other)
    {
        for (int i = 0; i < lists.Length; i++)
        {
            lists[i].Merge(other.lists[i]);
        }
    }

    /// <summary>The groups that have errors, in order, each with the worst first.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<ChosenError> Errors)> Finish() =>
        [.. groups.Names.Zip(lists.Select(l => l.Finish())).Where(g => g.Second.Count > 0)];
}
