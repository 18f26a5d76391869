using GpuDiag.Kernels;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, long, int, ILGPU.ArrayView<ulong>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>The calibration slots of one count table on a device. Holds 2³² rows between two drains.</summary>
internal sealed class DeviceCalibration(DeviceLane lane, GpuLimits limits)
{
    private readonly Launch?[] launches = new Launch?[64];
    private MemoryBuffer1D<ulong, Stride1D.Dense>? totals;
    private int segments;

    private int SharedBytes => segments * CalibrationKernel.Slots * CalibrationKernel.SharedFields * sizeof(uint);

    private bool IsShared => (long)segments * CalibrationKernel.Slots * CalibrationKernel.SharedFields * sizeof(uint) <= limits.SharedBytes;

    /// <summary>Makes an empty table for segment codes below this limit.</summary>
    public void Reset(int segmentLimit)
    {
        segments = segmentLimit;
        lane.Free(totals);
        totals = lane.Allocate<ulong>((long)segments * CalibrationKernel.Slots * CalibrationKernel.Fields);
        Array.Clear(launches);
    }

    public void Count(AcceleratorStream stream, ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, ArrayView<Words> confidence, int classWidth, int segmentWidth, bool isDouble, long rows)
    {
        int index = (((CodeWidths.Index(classWidth) * 4) + CodeWidths.Index(segmentWidth)) * 2) + (isDouble ? 1 : 0);
        launches[index] ??= lane.Load<Launch>(
            typeof(CalibrationKernel),
            IsShared ? nameof(CalibrationKernel.Shared) : nameof(CalibrationKernel.Global),
            CodeWidths.Reader(classWidth),
            CodeWidths.Reader(segmentWidth),
            isDouble ? typeof(DoubleNumbers) : typeof(SingleNumbers));
        long threads = rows / CountKernel.RowsPerStep;
        launches[index]!(stream, lane.Grid(threads, IsShared ? SharedBytes : 0), label, prediction, segment, confidence, rows, segments, totals!.View.BaseView);
    }

    /// <summary>Adds the slots to the host's and empties them. Everything launched must have finished.</summary>
    public void Drain(CountTable host)
    {
        if (totals is null)
        {
            return;
        }

        ulong[] values = lane.Download(totals);
        for (int i = 0; i < values.Length; i += CalibrationKernel.Fields)
        {
            (long wrong, long right) = ((long)values[i], (long)values[i + 1]);
            if (wrong + right != 0)
            {
                // high·2^32 confidence units of 2^−40 = high·2^16 halves of FixedSum.
                FixedSum sum = FixedSum.FromConfidences(values[i + 2]) + FixedSum.FromHalves(0, (long)values[i + 3] << 16);
                int slot = i / CalibrationKernel.Fields;
                host.AddCalibration(slot / CalibrationKernel.Slots, slot % CalibrationKernel.Slots, new CalibrationCell(wrong + right, right, sum));
            }
        }

        lane.Clear(totals);
    }
}
