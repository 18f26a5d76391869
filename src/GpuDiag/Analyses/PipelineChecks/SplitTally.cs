using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>How many rows of a split are right, of those with a label and a prediction.</summary>
/// <param name="Name">The split's value; null for rows without one.</param>
internal sealed record SplitTally(string? Name, long Correct, long Rows)
{
    /// <summary>Of each split that holds a row, in the order of results, rows without one first; none where the column has too many values.</summary>
    public static IReadOnlyList<SplitTally> Of(CountTable table)
    {
        if (table.Segment is not { Overflowed: false } splits)
        {
            return [];
        }

        Dictionary<int, (long Correct, long Rows)> tallies = [];
        foreach (Cell cell in table.Cells.Where(c => c.Label != Domain.Null && c.Prediction != Domain.Null))
        {
            (long correct, long rows) = tallies.GetValueOrDefault(cell.Segment);
            tallies[cell.Segment] = (correct + (cell.Label == cell.Prediction ? cell.Count : 0), rows + cell.Count);
        }

        return [.. splits.Sort(tallies.Keys.Where(c => c != Domain.Null)).Prepend(Domain.Null)
            .Where(tallies.ContainsKey)
            .Select(c => new SplitTally(c == Domain.Null ? null : splits.Text(c), tallies[c].Correct, tallies[c].Rows))];
    }
}
