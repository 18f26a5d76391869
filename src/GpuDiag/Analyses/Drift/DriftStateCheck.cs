using System.Globalization;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>Whether the parts of a state that was read agree with each other, so that what works on it can rely on that.</summary>
internal static class DriftStateCheck
{
    /// <summary>Rows beyond which sums of them would not be exact.</summary>
    private const long MostRows = 1L << 52;

    /// <exception cref="InvalidDataException">They do not.</exception>
    public static void Run(DriftState state)
    {
        Demand(state.Rows is > 0 and <= MostRows, "rows");
        Demand(state.Columns.Count > 0 && state.Columns.Select(c => (c.Name, c.Kind)).Distinct().Count() == state.Columns.Count, "columns");
        for (int i = 0; i < state.Columns.Count; i++)
        {
            Demand(Forms(state.Columns[i].Kind).Contains(state.Columns[i].Form) && Holds(state.Tallies[i], state.Rows), state.Columns[i].Name);
        }

        if (state.Segments.Count == 0)
        {
            return;
        }

        Demand(state.Segmentations[0] is { Columns.Count: 0, Cut: null } && state.Segmentations.Select(s => s.Name).Distinct().Count() == state.Segmentations.Count, "segments");
        (long labelled, long confident) = (state.Segments[0].All.Rows, Confident(state.Segments[0]));
        Demand(labelled <= state.Rows && confident <= state.Rows && state.Segments[0].Bins.Count <= 1, "segments");
        Demand(labelled == 0 || (Has(DriftKind.Label) && Has(DriftKind.Prediction)), "labels");
        Demand(confident == 0 || (Has(DriftKind.Prediction) && Has(DriftKind.Confidence)), "confidences");
        for (int i = 0; i < state.Segments.Count; i++)
        {
            SegmentTally tally = state.Segments[i];
            Demand(tally.Name == state.Segmentations[i].Name, "segments");
            Demand(tally.Cells.Keys.All(c => c.Label is not null) && (tally.TooMany ? tally.Cells.Count + tally.Bins.Count + tally.Values.Count == 0 : tally.All.Rows == labelled && Confident(tally) == confident), tally.Name ?? "segments");
        }

        bool Has(DriftKind kind) => state.Columns.Any(c => c.Kind == kind);
    }

    private static DriftForm[] Forms(DriftKind kind) => kind switch
    {
        DriftKind.Numeric => [DriftForm.Numbers],
        DriftKind.TextLength => [DriftForm.Text],
        DriftKind.Confidence => [DriftForm.Numbers, DriftForm.Greatest],
        DriftKind.Embedding => [DriftForm.Vectors],
        _ => [DriftForm.Codes],
    };

    private static bool Holds(ColumnTally tally, long rows) => tally switch
    {
        NumberTally numbers => Sums(rows, numbers.Missing, numbers.Infinite, numbers.Count) && Finite(numbers.Values),
        VectorTally vectors => Sums(rows, vectors.Missing, vectors.Count) && (vectors.Width > 0 || vectors.Count == 0) && vectors.Norms is { Missing: 0, Infinite: 0 } && Finite(vectors.Norms.Values),
        CategoryTally { TooMany: true } categories => categories.Missing == 0 && categories.Count == rows,
        _ => Sums(rows, tally.Missing, tally.Count),
    };

    private static bool Finite(KeyHistogram values) =>
        values.Distinct == 0 || values.Bits < 64 || (double.IsFinite(values.Cell(0).Low) && double.IsFinite(values.Cell(values.Distinct - 1).High));

    private static bool Sums(long rows, params ReadOnlySpan<long> parts)
    {
        Int128 sum = 0;
        foreach (long part in parts)
        {
            if (part < 0)
            {
                return false;
            }

            sum += part;
        }

        return sum == rows;
    }

    /// <summary>Rows with a confidence, −1 where a bin is impossible.</summary>
    private static long Confident(SegmentTally tally)
    {
        long sum = 0;
        foreach (CalibrationCell bin in tally.Bins.Values.SelectMany(b => b))
        {
            double confidence = bin.Confidence.ToDouble();
            if (bin.Rows is < 0 or > MostRows || bin.Correct < 0 || bin.Correct > bin.Rows || !(confidence >= 0 && confidence <= bin.Rows))
            {
                return -1;
            }

            sum = Math.Min(MostRows + 1, sum + bin.Rows);
        }

        return sum;
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the counts of {what} do not agree"));
        }
    }
}
