using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Candidates by fast scores on accelerators. Each takes a run of the base's rows past all queries; what it finds is
/// measured on the host, one accelerator at a time, since they share the queries.
/// </summary>
internal sealed class NeighborDevices : INeighborSearch
{
    private readonly NeighborDevice[] devices;
    private readonly NeighborBound bound;

    public NeighborDevices(IReadOnlyList<DeviceLane> lanes, GpuLimits limits, NeighborPlan plan)
    {
        bound = lanes.Any(lane => IsCoarse(lane.Accelerator, limits))
            ? OfTensorCores(plan.Metric, plan.Queries.Width)
            : NeighborBound.OfFloats(plan.Metric, plan.Queries.Width);
        devices = [.. lanes.Select(lane => new NeighborDevice(lane, limits, plan, bound))];
    }

    /// <summary>
    /// Operands rounded to bfloat16 (unit roundoff 2⁻⁸), products exact, added in float32 with truncation: at most ten units
    /// of 2⁻²³ per eight dimensions, taken as three times that, since adders are not documented. Values below
    /// bfloat16's normal range, 2⁻¹²⁶, may count as zero, beside values of at most 2⁵⁰.
    /// </summary>
    public static NeighborBound OfTensorCores(VectorMetric metric, int width)
    {
        const double Unit = 1.0 / (1 << 8);
        double rounding = (2 * Unit) + (Unit * Unit), sums = width * Math.ScaleB(1, -21);
        return new NeighborBound(metric, rounding + sums + Math.ScaleB(1, -19), width * Math.ScaleB(1, -74));
    }

    /// <summary>Whether an accelerator searches with rounded operands first.</summary>
    public static bool IsCoarse(Accelerator accelerator, GpuLimits limits) =>
        limits.RoundFirst || TensorCores.Fault(accelerator).Length == 0;

    /// <summary>Queries that left the coarse search, and those whose pairs the host measured: in sum over pieces and devices.</summary>
    public (long Left, long Retired) Counts => (devices.Sum(d => d.Counts.Left), devices.Sum(d => d.Counts.Retired));

    public NeighborBound Bound(NeighborPlan plan) => bound;

    public void Run(NeighborPiece piece)
    {
        long rows = piece.Rows.Count;
        if (rows == 0 || piece.Queries.Count == 0)
        {
            return;
        }

        Each(i => devices[i].Search(piece, (int)(rows * i / devices.Length), (int)(rows * (i + 1) / devices.Length)));
    }

    public void Dispose() => Array.ForEach(devices, d => d.Dispose());

    private void Each(Action<int> work)
    {
        if (devices.Length == 1)
        {
            work(0);
            return;
        }

        Task.WaitAll([.. Enumerable.Range(0, devices.Length).Select(i => Task.Factory.StartNew(
            () => work(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
    }
}
