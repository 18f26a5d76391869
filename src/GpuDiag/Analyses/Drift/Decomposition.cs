namespace GpuDiag.Analyses.Drift;

/// <summary>
/// A change of accuracy as a sum over cells (Kitagawa 1955): of each, what its changed share of the rows gives, and what
/// its changed accuracy gives. All figures are multiples of 2⁻⁴⁸, so that sums are exact in any order.
/// </summary>
/// <param name="Segmentation">The column, or columns joined by <c>*</c>; <c>label</c>'s column for classes.</param>
/// <param name="Total">Accuracy now less that of the reference: the sum of all cells' mix and within.</param>
/// <param name="Mix">The sum of the cells' mix: what changed shares give.</param>
/// <param name="Within">The sum of the cells' within: what changed accuracies give.</param>
/// <param name="Cells">The greatest change first.</param>
public sealed record Decomposition(string Segmentation, double Total, double Mix, double Within, IReadOnlyList<DecompositionCell> Cells);

/// <summary>One cell: w and w′ are its shares of the rows, a and a′ its accuracies.</summary>
/// <param name="Value">The segment's value; null for rows without one.</param>
/// <param name="Mix">(w′ − w)·(a + a′)/2; where one side has no rows, with the other's accuracy for both.</param>
/// <param name="Within">(w + w′)/2·(a′ − a); 0 where one side has no rows.</param>
/// <param name="Centred">(w′ − w)·((a + a′)/2 − the mean of both accuracies): mix without what every change of shares gives; it has the same sum.</param>
public sealed record DecompositionCell(string? Value, long ReferenceRows, long CurrentRows, double? ReferenceAccuracy, double? CurrentAccuracy, double Mix, double Within, double Centred)
{
    public double Total => Mix + Within;
}

/// <summary>Makes decompositions.</summary>
internal static class Kitagawa
{
    private const double Grid = 281474976710656.0; // 2⁴⁸

    /// <summary>The nearest multiple of 2⁻⁴⁸.</summary>
    public static double Round(double value) => Math.Round(value * Grid, MidpointRounding.ToEven) / Grid;

    /// <param name="name">The segmentation.</param>
    /// <param name="reference">Rows by value, at least one.</param>
    /// <param name="current">Likewise.</param>
    public static Decomposition Of(string name, IReadOnlyDictionary<string, RightRows> reference, IReadOnlyDictionary<string, RightRows> current)
    {
        RightRows before = Sum(reference), after = Sum(current);
        double n = before.Rows, m = after.Rows, middle = 0.5 * (before.Accuracy + after.Accuracy);
        List<DecompositionCell> cells = [];
        foreach (string value in reference.Keys.Union(current.Keys).Order(StringComparer.Ordinal))
        {
            RightRows a = reference.GetValueOrDefault(value), b = current.GetValueOrDefault(value);
            double? was = a.Rows > 0 ? a.Accuracy : null, now = b.Rows > 0 ? b.Accuracy : null;
            double share = a.Rows / n, shareNow = b.Rows / m, mean = 0.5 * ((was ?? now!.Value) + (now ?? was!.Value));
            double within = was is double x && now is double y ? 0.5 * (share + shareNow) * (y - x) : 0;
            cells.Add(new DecompositionCell(
                value == SegmentTally.NullKey ? null : value, a.Rows, b.Rows, was, now,
                Round((shareNow - share) * mean), Round(within), Round((shareNow - share) * (mean - middle))));
        }

        // What rounding to the grid has left over goes to the cell of most rows.
        double total = Round(after.Accuracy - before.Accuracy), mix = cells.Sum(c => c.Mix);
        DecompositionCell largest = cells.MaxBy(c => c.ReferenceRows + c.CurrentRows)!;
        cells[cells.IndexOf(largest)] = largest with
        {
            Within = largest.Within + (total - mix - cells.Sum(c => c.Within)),
            Centred = largest.Centred + (mix - cells.Sum(c => c.Centred)),
        };
        return new Decomposition(
            name, total, mix, cells.Sum(c => c.Within),
            [.. cells.OrderByDescending(c => Math.Abs(c.Centred + c.Within)).ThenBy(c => c.Value, StringComparer.Ordinal)]);
    }

    private static RightRows Sum(IReadOnlyDictionary<string, RightRows> rows) => rows.Values.Aggregate(default(RightRows), RightRows.Add);
}
