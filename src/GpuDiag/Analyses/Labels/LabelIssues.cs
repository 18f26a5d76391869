using GpuDiag.Columns;

namespace GpuDiag.Analyses.Labels;

/// <summary>The label issues of a dataset, for whatever asks: a bit per row, and what is known of the rows flagged.</summary>
internal sealed class LabelIssues
{
    private readonly IssueRow[] flagged;
    private readonly ulong[] bits;

    /// <param name="rows">Rows of the dataset.</param>
    /// <param name="flagged">In the order of rows, each once.</param>
    public LabelIssues(long rows, IssueRow[] flagged)
    {
        this.flagged = flagged;
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
    public IEnumerable<IssueRow> WorstFirst() => flagged.OrderBy(r => r.Quality).ThenBy(r => r.Row);

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
}
