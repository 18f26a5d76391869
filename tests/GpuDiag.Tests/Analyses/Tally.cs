using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Analyses;

/// <summary>Count states written down by hand: so many rows of this label and prediction, in these segments.</summary>
internal sealed class Tally : IDisposable
{
    private readonly CountState state;

    /// <param name="segments">Names of segment columns.</param>
    public Tally(bool calibration = false, params string[] segments) =>
        state = new CountState(new CountPlan(new Domain("classes"), [.. segments.Select(s => new Domain(s))], calibration));

    public Domain Classes => state.Plan.Classes;

    public CountState State => state;

    /// <summary>Null stands for a missing label, prediction or segment value.</summary>
    public Tally Add(string? label, string? prediction, long count, params string?[] segments)
    {
        int y = Code(Classes, label), p = Code(Classes, prediction);
        state.Overall.Add(0, y, p, count);
        for (int s = 0; s < segments.Length; s++)
        {
            state.Segments[s].Add(Code(state.Plan.Segments[s], segments[s]), y, p, count);
        }

        return this;
    }

    /// <summary>Confidences of all rows together, by slot.</summary>
    public Tally AddConfidence(int slot, long rows, long correct, double confidence)
    {
        FixedSum sum = FixedSum.FromConfidences((ulong)(rows * Confidence.Quantize(confidence)));
        state.Overall.AddCalibration(0, slot, new CalibrationCell(rows, correct, slot < Calibration.Bins ? sum : default));
        return this;
    }

    public ScanResult Finish(Func<FinishInput, FinishInput>? change = null)
    {
        FinishInput input = new() { Counts = state, Threads = 2 };
        return ScanFinish.Finish(change is null ? input : change(input));
    }

    public void Dispose() => state.Dispose();

    private static int Code(Domain domain, string? text) => text is null ? Domain.Null : domain.Code(text);
}
