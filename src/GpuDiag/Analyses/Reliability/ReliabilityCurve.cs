using System.Collections;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Reliability;

/// <summary>The reliability curve of one segment, read from the counts when asked: a hundred thousand of them cost nothing.</summary>
internal sealed class ReliabilityCurve(CountTable table, int segment) : IReadOnlyList<CalibrationBin>
{
    public int Count => Engine.Calibration.Bins;

    public CalibrationBin this[int index]
    {
        get
        {
            CalibrationCell cell = table.Calibration(segment, index);
            double low = (double)index / Count, high = (index + 1.0) / Count;
            double? confidence = cell.Rows > 0 ? cell.Confidence.ToDouble() / cell.Rows : null;
            return new CalibrationBin(low, high, cell.Rows, confidence, Intervals.Proportion(cell.Correct, cell.Rows));
        }
    }

    public IEnumerator<CalibrationBin> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
