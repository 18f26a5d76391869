using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Gallery;

/// <summary>The groups that mispredicted rows are shown in, by codes of the data, in the order of the gallery.</summary>
internal sealed class ErrorGroups
{
    /// <summary>Segments, slices, clusters and confusions at most, each in the order of the results.</summary>
    public const int MostOfAKind = 20;

    /// <summary>The group of all errors.</summary>
    public const string All = "errors";

    private readonly List<string> names = [All];
    private readonly int[] causes;
    private readonly Dictionary<(int Label, int Prediction), int> confusions = [];
    private readonly int[]?[] segments;
    private readonly List<int> slices = [];
    private readonly Dictionary<int, int> clusters = [];

    /// <param name="result">The finished scan.</param>
    /// <param name="classes">The domain of labels and predictions.</param>
    /// <param name="domains">Of each segmentation.</param>
    public ErrorGroups(ScanResult result, Domain classes, IReadOnlyList<Domain> domains)
    {
        causes = Array.ConvertAll(CauseNames.All, c => Add($"cause:{CauseNames.Name(c)}"));
        segments = new int[domains.Count][];
        foreach (SegmentResult segment in result.Segments.Where(s => s.Errors > 0).Take(MostOfAKind))
        {
            int s = 0;
            while (domains[s].Name != segment.Column)
            {
                s++;
            }

            int code = segment.IsNull ? Domain.Null : domains[s].Find(segment.Value);
            if (segments[s] is null)
            {
                segments[s] = new int[domains[s].Count];
                Array.Fill(segments[s]!, -1);
            }

            segments[s]![code] = Add($"segment:{segment.Column}={segment.Value}");
        }

        foreach (SliceResult slice in (result.Slices?.Slices ?? []).Take(MostOfAKind))
        {
            slices.Add(Add($"slice:{slice.Text}"));
        }

        foreach (ClusterResult cluster in (result.Clusters ?? []).Where(c => c.Errors > 0).Take(MostOfAKind))
        {
            clusters[cluster.Cluster] = Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cluster:{cluster.Cluster}"));
        }

        foreach (Confusion pair in result.Confusions.Take(MostOfAKind))
        {
            confusions[(classes.Find(pair.Label), classes.Find(pair.Pred))] = Add($"confusion:{pair.Label}→{pair.Pred}");
        }
    }

    public IReadOnlyList<string> Names => names;

    /// <summary>A name fits on one line: groups of a row are joined by line feeds.</summary>
    public static string Line(string name) => name.ReplaceLineEndings(" ");

    /// <summary>Puts an error into the lists of its groups, which stand in the order of <see cref="Names"/>.</summary>
    /// <param name="lists">One per group.</param>
    /// <param name="error">The row.</param>
    /// <param name="values">The batch's value of each segmentation; empty where they are not known.</param>
    /// <param name="at">The row's place in the batch.</param>
    /// <param name="cluster">Below 0 for none.</param>
    /// <param name="inSlices">Places of the slices that the row is in.</param>
    public void Add(WorstErrors[] lists, in ChosenError error, IReadOnlyList<CodeColumn> values, int at, int cluster, IEnumerable<int> inSlices)
    {
        lists[0].Add(error);
        if (error.Evidence is { } evidence)
        {
            lists[causes[(int)evidence.Primary]].Add(error);
        }

        if (confusions.TryGetValue((error.Row.Label, error.Row.Prediction), out int confusion))
        {
            lists[confusion].Add(error);
        }

        for (int s = 0; s < values.Count; s++)
        {
            if (segments[s] is { } groups && values[s][at] is var code && code < groups.Length && groups[code] >= 0)
            {
                lists[groups[code]].Add(error);
            }
        }

        foreach (int slice in inSlices)
        {
            if (slice < slices.Count)
            {
                lists[slices[slice]].Add(error);
            }
        }

        if (clusters.TryGetValue(cluster, out int of))
        {
            lists[of].Add(error);
        }
    }

    private int Add(string name)
    {
        names.Add(Line(name));
        return names.Count - 1;
    }
}
