using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>The rows to show, with their ids and AFTER's predictions.</summary>
internal static class FlipRows
{
    public static FlipRow[] Of(FlipStates states, CompareSide before, AfterRows after, Domain classes, CancellationToken cancel)
    {
        (FlipKind Kind, TopRow Row)[] all = [.. states.Kinds.SelectMany((kept, kind) => kept.Finish()
            .OrderByDescending(r => double.IsNaN(r.Key) ? double.NegativeInfinity : r.Key)
            .ThenBy(r => r.Row)
            .Select(r => ((FlipKind)kind, r)))];
        RowIds ids = RowIds.Read(before.Data, before.Roles.Id, all.Select(r => r.Row.Row), cancel);
        return [.. all.Select(r => new FlipRow(
            r.Kind,
            r.Row.Row,
            ids[r.Row.Row],
            classes.Text(r.Row.Label),
            classes.Text(r.Row.Prediction),
            classes.Text(after.Predictions(r.Row.Row, 1)[0] - 1),
            Defined(r.Row.Confidence),
            Defined(r.Row.Loss)))];
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
