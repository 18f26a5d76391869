using GpuDiag.Columns;

namespace GpuDiag.Analyses.Labels;

/// <summary>The label issues of a dataset, for whatever asks: a bit per row, and what is known of the rows flagged.</summary>
internal sealed class LabelIssues
{
    private readonly IssueRow[] flagged;
    private readonly ulong[] bits;
    private readonly Lazy<int[]> worstFirst;

    /// <param name="rows">Rows of the dataset.</param>
    /// <param name="flagged">In the order of rows, each once.</param>
    public LabelIssues(long rows, IssueRow[] flagged)
    {
        this.flagged = flagged;
        worstFirst = new Lazy<int[]>(WorstPlaces);
        bits = new ulong[(rows + 63) / 64];
        foreach (IssueRow row in flagged)
        {
            bits[row.Row >> 6] |= 1ul << (int)(row.Row & 63);
        }
    }

    public int Count => flagged.Length;

    /// <summary>The rows flagged, in the order of the dataset.</summary>
    public IReadOnlyList<IssueRow> Rows => flagged;

    /// <summary>Worst quality first, then by row.</summary>
    public IEnumerable<IssueRow> WorstFirst() => worstFirst.Value.Select(place => flagged[place]);

    public bool IsIssue(long row) => (bits[row >> 6] >> (int)(row & 63) & 1) != 0;

    /// <summary>The row as it was flagged; null where it was not.</summary>
    public IssueRow? Find(long row)
    {
        if (!IsIssue(row))
        {
            return null;
        }

        int low = 0, high = flagged.Length;
        while (flagged[low].Row != row)
        {
            int middle = (low + high) / 2;
            (low, high) = flagged[middle].Row <= row ? (middle, high) : (low, middle);
        }

        return flagged[low];
    }

    /// <summary>Class code of the class that a flagged row more likely has; <see cref="Domain.Null"/> for other rows.</summary>
    public int Suggested(long row) => Find(row)?.Suggested ?? Domain.Null;

    private int[] WorstPlaces()
    {
        double[] quality = Array.ConvertAll(flagged, r => r.Quality);
        int[] places = [.. Enumerable.Range(0, flagged.Length)];
        Array.Sort(places, (a, b) => quality[a].CompareTo(quality[b]) is not 0 and int order ? order : a.CompareTo(b));
        return places;
    }
}
