using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Count on the host. Per block: one vector pass turns codes and confidences into cell indices and addends, then one
/// scalar loop per segmentation increments. Every row is in exactly one segment of each segmentation, so the overall
/// table is summed from the smallest dense segmentation and not counted again.
/// The loops are compiled optimised at once: a scan ends before tiering would have replaced a slow first version.
/// </summary>
internal sealed unsafe class CountFold<TLanes, TMemory> : IFold<CountBatch, CountState>
    where TLanes : struct, ILanes<TLanes>
    where TMemory : struct, ILaneMemory<TLanes>
{
    private const int BlockRows = 256;
    private const double TwoTo52 = 4503599627370496.0;
    private readonly CountPlan plan;
    private readonly AlignedMemory scratch = new();
    private readonly CellCounter[] counters;
    private readonly CellCounter all = new();
    private readonly double* pairs, slots, keys, cells;
    private readonly ulong* sums, rows;
    private CellCounter? source;
    private CountState state;
    private int classes;
    private long unflushed, uncarried;

    public CountFold(CountPlan plan)
    {
        this.plan = plan;
        state = new CountState(plan);
        counters = [.. plan.Segments.Select(_ => new CellCounter())];
        scratch.Reserve(6 * BlockRows * sizeof(double));
        pairs = (double*)scratch.Pointer;
        slots = pairs + BlockRows;
        keys = slots + BlockRows;
        cells = keys + BlockRows;
        sums = (ulong*)(cells + BlockRows);
        rows = sums + BlockRows;
    }

    public void Accept(CountBatch batch)
    {
        Fit(batch);
        for (int first = 0; first < batch.Rows; first += BlockRows)
        {
            int n = Math.Min(BlockRows, batch.Rows - first);
            unflushed += n;
            if (unflushed > uint.MaxValue)
            {
                Flush();
                unflushed = n;
            }

            uncarried += n;
            if (uncarried > CalibrationTable.CarryRows)
            {
                Carry();
                uncarried = n;
            }

            Derive(batch, first, n);
            if (source is null)
            {
                Increment(all, state.Overall, batch, null, first, n, plan.Calibration && counters.Length == 0);
            }

            for (int i = 0; i < counters.Length; i++)
            {
                Increment(counters[i], state.Segments[i], batch, batch.Segments[i], first, n, plan.Calibration);
            }
        }
    }

    public CountState Take()
    {
        Flush();
        Carry();
        (unflushed, uncarried) = (0, 0);
        state.Segments.MinBy(t => t.Calibrations.Segments)?.Calibrations.CollapseInto(state.Overall.Calibrations);
        CountState taken = state;
        state = new CountState(plan);
        return taken;
    }

    public void Dispose() => scratch.Dispose();

    private void Fit(CountBatch batch)
    {
        int classLimit = Math.Max(batch.Label.Limit, batch.Prediction.Limit);
        bool fits = classLimit <= classes;
        for (int i = 0; i < counters.Length; i++)
        {
            fits &= batch.Segments[i].Limit <= counters[i].Segments;
        }

        if (fits)
        {
            return;
        }

        Flush();
        classes = classLimit > classes && classes > 0 ? Math.Max(classLimit, classes * 5 / 4) : Math.Max(classLimit, classes);
        Check(plan.Classes, classLimit, CellCounts.MaxClasses);
        all.Fit(1, classes);
        for (int i = 0; i < counters.Length; i++)
        {
            Check(plan.Segments[i], batch.Segments[i].Limit, CellCounts.MaxSegments);
            counters[i].Fit(batch.Segments[i].Limit, classes);
        }

        source = counters.Where(c => c.IsDense).MinBy(c => c.Segments);
    }

    private static void Check(Domain domain, int limit, int most)
    {
        if (limit > most)
        {
            throw new InputException($"more than {most} distinct values", column: domain.Name, remedy: "Leave this column out, or bin it.");
        }
    }

    /// <summary>label × classes + prediction of each row, and its calibration slot and addend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Derive(CountBatch batch, int first, int n)
    {
        CodeColumn label = batch.Label, prediction = batch.Prediction;
        byte* labels = (byte*)label.Pointer + ((nint)first * label.Width);
        byte* predictions = (byte*)prediction.Pointer + ((nint)first * prediction.Width);
        int labelWidth = label.Width, predictionWidth = prediction.Width;
        TLanes stride = TLanes.Of(classes);
        if (!plan.Calibration || batch.Confidence is not { } confidence)
        {
            for (int r = 0; r < n; r += TMemory.Count)
            {
                TLanes l = TMemory.Codes(labels + (r * labelWidth), labelWidth);
                TLanes p = TMemory.Codes(predictions + (r * predictionWidth), predictionWidth);
                TMemory.Store(TLanes.Fma(l, stride, p), pairs + r);
            }

            return;
        }

        bool isDouble = confidence.IsDouble;
        byte* confidences = (byte*)confidence.Pointer + ((nint)first * (isDouble ? 8 : 4));
        for (int r = 0; r < n; r += TMemory.Count)
        {
            TLanes l = TMemory.Codes(labels + (r * labelWidth), labelWidth);
            TLanes p = TMemory.Codes(predictions + (r * predictionWidth), predictionWidth);
            TLanes c = isDouble ? TMemory.Doubles((double*)confidences + r) : TMemory.Floats((float*)confidences + r);
            TMemory.Store(TLanes.Fma(l, stride, p), pairs + r);
            CalibrationLanes<TLanes> row = new(l, p, c);
            TMemory.Store(row.Slot, slots + r);
            TMemory.Store(row.Sum, (double*)sums + r);
            TMemory.Store(row.Rows, (double*)rows + r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Increment(CellCounter counter, CountTable table, CountBatch batch, CodeColumn? segment, int first, int n, bool calibrate)
    {
        int width = segment?.Width ?? 0;
        byte* codes = segment is null ? null : (byte*)segment.Pointer + ((nint)first * width);
        TLanes block = TLanes.Of((double)classes * classes), perSegment = TLanes.Of(Calibration.Slots), bias = TLanes.Of(TwoTo52);
        for (int r = 0; r < n; r += TMemory.Count)
        {
            TLanes s = codes is null ? TLanes.Of(0.0) : TMemory.Codes(codes + (r * width), width);
            TMemory.Store(TLanes.Add(TLanes.Fma(s, block, TMemory.Doubles(pairs + r)), bias), keys + r);
            TMemory.Store(TLanes.Add(TLanes.Fma(s, perSegment, TMemory.Doubles(slots + r)), bias), cells + r);
        }

        if (counter.IsDense)
        {
            IncrementCells(counter.Counters, n);
        }
        else
        {
            ulong* sparseKeys = (ulong*)keys;
            for (int r = 0; r < n; r++)
            {
                sparseKeys[r] = CellCounts.KeyOf(segment?[first + r] ?? 0, batch.Label[first + r], batch.Prediction[first + r]);
            }

            table.Counts.AsSparse().AddEach(new ReadOnlySpan<ulong>(sparseKeys, n));
        }

        if (calibrate)
        {
            AddCalibrations(table.Calibrations.Cells(Math.Max(counter.Segments, 1)), n);
        }
    }

    /// <summary>A biased key is an integer in its low half; the span's check keeps a wrong code from writing elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IncrementCells(Span<uint> counts, int n)
    {
        int* low = (int*)keys;
        for (int r = 0; r < n; r++)
        {
            counts[low[2 * r]]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCalibrations(Span<CalibrationTable.Narrow> table, int n)
    {
        int* low = (int*)cells;
        for (int r = 0; r < n; r++)
        {
            ref CalibrationTable.Narrow cell = ref table[low[2 * r]];
            cell = new CalibrationTable.Narrow(cell.Sum + sums[r], cell.Rows + rows[r]);
        }
    }

    private void Flush()
    {
        all.Flush(state.Overall.Counts, null);
        for (int i = 0; i < counters.Length; i++)
        {
            counters[i].Flush(state.Segments[i].Counts, counters[i] == source ? state.Overall.Counts : null);
        }
    }

    private void Carry()
    {
        state.Overall.Calibrations.Carry();
        foreach (CountTable table in state.Segments)
        {
            table.Calibrations.Carry();
        }
    }
}
