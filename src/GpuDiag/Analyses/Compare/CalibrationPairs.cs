using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>What both models' confidences say of the same rows.</summary>
/// <param name="Before">Calibration tables of BEFORE, overall and per segmentation.</param>
/// <param name="After">Those of AFTER.</param>
/// <param name="Joint">Rows by (bin, right) of BEFORE, as label, and of AFTER, as prediction.</param>
internal sealed record CalibrationStates(CountState Before, CountState After, CountState Joint)
{
    /// <summary>Of no rows yet.</summary>
    public static CalibrationStates Empty((CountPlan Side, CountPlan Joint) plans) => new(new CountState(plans.Side), new CountState(plans.Side), new CountState(plans.Joint));

    public void Merge(CalibrationStates other)
    {
        Before.Merge(other.Before);
        After.Merge(other.After);
        Joint.Merge(other.Joint);
    }
}

/// <summary>Counts confidences of both models by bin, apart and together, over the rows that have both. One instance per thread.</summary>
internal sealed class CalibrationPairs : IDisposable
{
    private readonly AfterRows after;
    private readonly IFold<CountBatch, CountState> left, right, both;
    private readonly CodeColumn label, leftBins, rightBins;
    private readonly NumberColumn confidence;
    private readonly int[] labels, leftCodes, rightCodes;

    public CalibrationPairs(CompareSide before, IReadOnlyList<Domain> segments, AfterRows after, Domain bins, int capacity)
    {
        this.after = after;
        ScanColumns columns = before.Rows.Columns;
        (CountPlan side, CountPlan joint) = Plans(columns.Classes, segments, bins);
        left = before.Rows.Backend.Count(side);
        right = before.Rows.Backend.Count(side);
        both = before.Rows.Backend.Count(joint);
        label = new CodeColumn(columns.Classes, capacity);
        (leftBins, rightBins) = (new CodeColumn(bins, capacity), new CodeColumn(bins, capacity));
        confidence = new NumberColumn(capacity);
        confidence.SetPrecision(true);
        (labels, leftCodes, rightCodes) = (new int[capacity], new int[capacity], new int[capacity]);
    }

    /// <summary>What is counted of each side, and of both together.</summary>
    public static (CountPlan Side, CountPlan Joint) Plans(Domain classes, IReadOnlyList<Domain> segments, Domain bins) => (new(classes, segments, true), new(bins, segments, false));

    /// <summary>The domain of a bin and whether its rows are right: code 1 + 2·bin + right.</summary>
    public static Domain Bins()
    {
        Domain bins = new("bin");
        for (int i = 0; i < 2 * Calibration.Bins; i++)
        {
            bins.Code(i);
        }

        return bins;
    }

    /// <param name="batch">The rows.</param>
    /// <param name="rows">BEFORE's columns of it.</param>
    /// <param name="segments">The codes of each segmentation.</param>
    /// <param name="settled">Labels, 0 for rows that are left out, negative ones count.</param>
    /// <param name="prediction">AFTER's.</param>
    public void Accept(Batch batch, RowColumns rows, IReadOnlyList<CodeColumn> segments, ReadOnlySpan<int> settled, CodeColumn prediction)
    {
        ReadOnlySpan<double> other = after.Confidences(batch.FirstRow, batch.Rows);
        NumberColumn own = rows.Confidence!;
        for (int i = 0; i < batch.Rows; i++)
        {
            int truth = Math.Abs(settled[i]), from = Calibration.Bin(own[i]), to = Calibration.Bin(other[i]);
            bool counts = truth != Domain.Null && from < Calibration.Bins && to < Calibration.Bins;
            labels[i] = counts ? truth : Domain.Null;
            leftCodes[i] = counts ? 1 + (2 * from) + (rows.Prediction[i] == truth ? 1 : 0) : Domain.Null;
            rightCodes[i] = counts ? 1 + (2 * to) + (prediction[i] == truth ? 1 : 0) : Domain.Null;
        }

        CodeNarrowing.Fill(label, labels.AsSpan(0, batch.Rows));
        CodeNarrowing.Fill(leftBins, leftCodes.AsSpan(0, batch.Rows));
        CodeNarrowing.Fill(rightBins, rightCodes.AsSpan(0, batch.Rows));
        other.CopyTo(confidence.Doubles);
        left.Accept(new CountBatch(batch.Rows, label, rows.Prediction, segments, own));
        right.Accept(new CountBatch(batch.Rows, label, prediction, segments, confidence));
        both.Accept(new CountBatch(batch.Rows, leftBins, rightBins, segments, null));
    }

    public CalibrationStates Take() => new(left.Take(), right.Take(), both.Take());

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
        both.Dispose();
        label.Dispose();
        leftBins.Dispose();
        rightBins.Dispose();
        confidence.Dispose();
    }
}
