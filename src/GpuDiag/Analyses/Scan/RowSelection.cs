using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Which rows the rows table shows: label issues, leaks, duplicates and outliers, of each the worst up to a fifth of the
/// table, in this order; then errors fill what is left, by loss (without one, by confidence). A row counts once, where it
/// comes first.
/// </summary>
internal static class RowSelection
{
    private const int Share = 5;

    /// <param name="errors">The errors with the greatest losses, as many as the table may hold rows.</param>
    /// <param name="suspects">Rows per reason, worst first, with keys of +∞.</param>
    /// <param name="capacity">Rows of the table.</param>
    public static TopRows Select(TopRows errors, IReadOnlyList<IEnumerable<TopRow>> suspects, int capacity)
    {
        if (suspects.Count == 0)
        {
            return errors;
        }

        SortedDictionary<long, TopRow> chosen = [];
        foreach (IEnumerable<TopRow> reason in suspects)
        {
            foreach (TopRow row in reason.Where(r => !chosen.ContainsKey(r.Row)).Take(capacity / Share).ToArray())
            {
                chosen.Add(row.Row, row);
            }
        }

        TopRows worst = new(capacity - chosen.Count), all = new(capacity);
        foreach (TopRow row in errors.Finish())
        {
            if (!chosen.ContainsKey(row.Row))
            {
                worst.Add(row);
            }
        }

        foreach (TopRow row in worst.Finish().Concat(chosen.Values))
        {
            all.Add(row);
        }

        return all;
    }
}
