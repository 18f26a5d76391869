using GpuDiag.Analyses.Embeddings;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Which rows the rows table shows: leaks, duplicates and outliers, of each the worst up to a quarter of the table, in
/// this order; then errors fill what is left, by loss (without one, by confidence). A row counts once, where it comes first.
/// </summary>
internal static class RowSelection
{
    private const int Share = 4;

    /// <param name="errors">The errors with the greatest losses, as many as the table may hold rows.</param>
    /// <param name="suspects">Row numbers per reason, worst first.</param>
    /// <param name="facts">Of all rows.</param>
    /// <param name="capacity">Rows of the table.</param>
    public static TopRows Select(TopRows errors, IReadOnlyList<IEnumerable<long>> suspects, RowFacts facts, int capacity)
    {
        SortedSet<long> chosen = [];
        foreach (IEnumerable<long> reason in suspects)
        {
            foreach (long row in reason.Where(r => !chosen.Contains(r)).Take(capacity / Share).ToArray())
            {
                chosen.Add(row);
            }
        }

        TopRows worst = new(capacity - chosen.Count), all = new(capacity);
        foreach (TopRow row in errors.Finish())
        {
            if (!chosen.Contains(row.Row))
            {
                worst.Add(row);
            }
        }

        foreach (TopRow row in worst.Finish())
        {
            all.Add(row);
        }

        foreach (long row in chosen)
        {
            all.Add(facts.Row(row, double.PositiveInfinity));
        }

        return all;
    }
}
