using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Makes the line of the rows table that says what is known of a row.</summary>
/// <param name="classes">The domain of labels and predictions.</param>
/// <param name="notes">What analyses add, in order.</param>
internal sealed class RowLines(Domain classes, IReadOnlyList<Func<RowResult, RowResult>> notes)
{
    public RowResult Of(in TopRow row, string? id, string? split)
    {
        string? label = row.Label == Domain.Null ? null : classes.Text(row.Label);
        string? pred = row.Prediction == Domain.Null ? null : classes.Text(row.Prediction);
        bool? correct = label is null || pred is null ? null : row.Label == row.Prediction;
        RowResult result = new(row.Row, id, split, label, pred, Number(row.Confidence), correct, Number(row.Loss)) { LabelQuality = Number(row.Quality) };
        foreach (Func<RowResult, RowResult> note in notes)
        {
            result = note(result);
        }

        return result;
    }

    /// <summary>For rows of which analyses noted nothing.</summary>
    public RowLines WithoutNotes() => new(classes, []);

    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}
