using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Kernels;
using ILGPU;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Rows gather in a pinned block; a full block is uploaded once and counted by one launch per segmentation. Every row is
/// in exactly one segment, so with segmentations the overall table is the sum of the first one's.
/// </summary>
internal sealed class CountFold : IFold<CountBatch, CountState>
{
    /// <summary>Totals on the device are kept in halves that hold 2³² rows; drained well before.</summary>
    private const long RowsPerDrain = 1L << 31;

    private readonly CountPlan plan;
    private readonly DeviceLane lane;
    private readonly GpuLimits limits;
    private readonly DeviceCells[] cells;
    private readonly DeviceCalibration[] calibrations;
    private readonly int[] segmentWidths, segmentLimits;
    private CountState state;
    private int classWidth, classLimit, capacity, filled;
    private bool isDouble;
    private long undrained;

    public CountFold(CountPlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        this.limits = limits;
        int tables = Math.Max(1, plan.Segments.Count);
        cells = [.. Enumerable.Range(0, tables).Select(_ => new DeviceCells(lane, limits))];
        calibrations = [.. Enumerable.Range(0, plan.Calibration ? tables : 0).Select(_ => new DeviceCalibration(lane, limits))];
        segmentWidths = new int[plan.Segments.Count];
        segmentLimits = new int[plan.Segments.Count];
        state = new CountState(plan);
    }

    private long BytesPerRow => (2L * classWidth) + segmentWidths.Sum() + (plan.Calibration ? ConfidenceWidth : 0);

    private int ConfidenceWidth => isDouble ? sizeof(double) : sizeof(float);

    public void Accept(CountBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rows == 0)
        {
            return;
        }

        Fit(batch);
        for (int done = 0; done < batch.Rows;)
        {
            int rows = Math.Min(capacity - filled, batch.Rows - done);
            Fill(batch, done, rows);
            done += rows;
            filled += rows;
            if (filled == capacity)
            {
                Submit();
            }
        }
    }

    public CountState Take()
    {
        Submit();
        Drain();
        CountState taken = state;
        if (plan.Segments.Count > 0)
        {
            CountTable first = taken.Segments[0];
            foreach (Cell cell in first.Cells)
            {
                taken.Overall.Add(0, cell.Label, cell.Prediction, cell.Count);
            }

            for (int segment = 0; plan.Calibration && segment < segmentLimits[0]; segment++)
            {
                for (int slot = 0; slot < Calibration.Slots; slot++)
                {
                    taken.Overall.AddCalibration(0, slot, first.Calibration(segment, slot));
                }
            }
        }

        state = new CountState(plan);
        return taken;
    }

    public void Dispose() => lane.Dispose();

    /// <summary>Makes tables and block fit the batch's codes. Narrow codes stay narrow until a wider batch comes.</summary>
    private void Fit(CountBatch batch)
    {
        int limit = Math.Max(batch.Label.Limit, batch.Prediction.Limit);
        bool grow = limit > classLimit;
        bool relayout = Math.Max(batch.Label.Width, batch.Prediction.Width) > classWidth || (batch.Confidence?.IsDouble ?? false) != isDouble;
        for (int t = 0; t < segmentWidths.Length; t++)
        {
            grow |= batch.Segments[t].Limit > segmentLimits[t];
            relayout |= batch.Segments[t].Width > segmentWidths[t];
        }

        if (!grow && !relayout)
        {
            return;
        }

        Submit();
        lane.Synchronize();
        if (grow)
        {
            Drain();
            classLimit = Grown(classLimit, limit, plan.Classes.Count);
            for (int t = 0; t < cells.Length; t++)
            {
                int segmentLimit = 1;
                if (t < segmentLimits.Length)
                {
                    segmentLimit = segmentLimits[t] = Grown(segmentLimits[t], batch.Segments[t].Limit, plan.Segments[t].Count);
                }

                cells[t].Reset(classLimit, segmentLimit);
                if (plan.Calibration)
                {
                    calibrations[t].Reset(segmentLimit);
                }
            }
        }

        classWidth = Math.Max(classWidth, Math.Max(batch.Label.Width, batch.Prediction.Width));
        for (int t = 0; t < segmentWidths.Length; t++)
        {
            segmentWidths[t] = Math.Max(segmentWidths[t], batch.Segments[t].Width);
        }

        isDouble = batch.Confidence?.IsDouble ?? false;
        lane.Stage(limits.BlockBytes);
        capacity = (int)(limits.BlockBytes / BytesPerRow / StagingBlock.Alignment * StagingBlock.Alignment);
    }

    /// <summary>What a table's side grows to: at first what is known to be needed, then half as much again, since each growth costs a drain.</summary>
    private static int Grown(int old, int needed, int known)
    {
        int target = Math.Max(needed, known);
        return target <= old ? old : old == 0 ? target : Math.Max(target, old + (old / 2));
    }

    private void Fill(CountBatch batch, int from, int rows)
    {
        StagingBlock block = lane.Block;
        long offset = 0;
        Fill(block, batch.Label, classWidth, from, rows, ref offset);
        Fill(block, batch.Prediction, classWidth, from, rows, ref offset);
        for (int t = 0; t < segmentWidths.Length; t++)
        {
            Fill(block, batch.Segments[t], segmentWidths[t], from, rows, ref offset);
        }

        if (batch.Confidence is { } confidence && plan.Calibration)
        {
            Span<byte> to = block.Host(offset + ((long)filled * ConfidenceWidth), (long)rows * ConfidenceWidth);
            (isDouble ? MemoryMarshal.AsBytes(confidence.Doubles.Slice(from, rows)) : MemoryMarshal.AsBytes(confidence.Floats.Slice(from, rows))).CopyTo(to);
        }
    }

    private void Fill(StagingBlock block, CodeColumn column, int width, int from, int rows, ref long offset)
    {
        CodeWidths.Copy(column, from, rows, width, block.Host(offset + ((long)filled * width), (long)rows * width));
        offset += (long)capacity * width;
    }

    private void Submit()
    {
        if (filled == 0)
        {
            return;
        }

        lane.Guard(Launch);
        undrained += filled;
        filled = 0;
        lane.Swap();
        if (undrained > RowsPerDrain)
        {
            Drain();
        }
    }

    private void Launch()
    {
        StagingBlock block = lane.Block;
        long offset = 0;
        ArrayView<Words> label = Send(block, classWidth, ref offset), prediction = Send(block, classWidth, ref offset);
        var segments = new ArrayView<Words>[segmentWidths.Length];
        for (int t = 0; t < segments.Length; t++)
        {
            segments[t] = Send(block, segmentWidths[t], ref offset);
        }

        ArrayView<Words> confidence = plan.Calibration ? Send(block, ConfidenceWidth, ref offset) : label;
        for (int t = 0; t < cells.Length; t++)
        {
            bool overall = t >= segmentWidths.Length;
            ArrayView<Words> segment = overall ? label : segments[t];
            int width = overall ? 0 : segmentWidths[t];
            cells[t].Count(block.Stream, label, prediction, segment, classWidth, width, filled, overall ? state.Overall : state.Segments[t]);
            if (plan.Calibration)
            {
                calibrations[t].Count(block.Stream, label, prediction, segment, confidence, classWidth, width, isDouble, filled);
            }
        }
    }

    private ArrayView<Words> Send(StagingBlock block, int width, ref long offset)
    {
        long bytes = (long)filled * width;
        block.Upload(offset, bytes);
        ArrayView<Words> view = block.DeviceWords(offset, (long)capacity * width);
        offset += (long)capacity * width;
        return view;
    }

    private void Drain()
    {
        lane.Synchronize();
        undrained = 0;
        for (int t = 0; t < cells.Length; t++)
        {
            CountTable table = t < segmentWidths.Length ? state.Segments[t] : state.Overall;
            cells[t].Drain(table);
            if (plan.Calibration)
            {
                calibrations[t].Drain(table);
            }
        }
    }
}
