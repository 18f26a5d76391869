using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Count on the host. Per block: vector passes turn codes and confidences into places in the tables and addends, then one
/// scalar loop per segmentation increments. Every row is in exactly one segment of each segmentation, so the overall
/// table is summed from the smallest dense segmentation and not counted again.
/// The loops are compiled optimised at once: a scan ends before tiering would have replaced a slow first version.
/// </summary>
internal sealed unsafe class CountFold<TLanes, TMemory> : IFold<CountBatch, CountState>
    where TLanes : struct, ILanes<TLanes>
    where TMemory : struct, ILaneMemory<TLanes>
{
    private const int BlockRows = 256;
    private readonly CountPlan plan;
    private readonly AlignedMemory scratch = new();
    private readonly CellCounter[] counters;
    private readonly CellCounter all = new();
    private readonly int* pairs, slots, places;
    private readonly ulong* sums, rows, keys;
    private CellCounter? source;
    private CountState state;
    private int classes;
    private long unflushed, uncarried;

    public CountFold(CountPlan plan)
    {
        this.plan = plan;
        state = new CountState(plan);
        counters = [.. plan.Segments.Select(_ => new CellCounter())];
        scratch.Reserve(BlockRows * ((3 * sizeof(ulong)) + (3 * sizeof(int))));
        sums = (ulong*)scratch.Pointer;
        rows = sums + BlockRows;
        keys = rows + BlockRows;
        pairs = (int*)(keys + BlockRows);
        slots = pairs + BlockRows;
        places = slots + BlockRows;
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

    /// <summary>Each row's place by label and prediction, and its calibration slot and addends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Derive(CountBatch batch, int first, int n)
    {
        CodeColumn label = batch.Label, prediction = batch.Prediction;
        CellPlaces.OfPairs(label, prediction, first, n, classes, pairs);
        if (!plan.Calibration || batch.Confidence is not { } confidence)
        {
            return;
        }

        byte* labels = (byte*)label.Pointer + ((nint)first * label.Width);
        byte* predictions = (byte*)prediction.Pointer + ((nint)first * prediction.Width);
        int labelWidth = label.Width, predictionWidth = prediction.Width;
        bool isDouble = confidence.IsDouble;
        byte* confidences = (byte*)confidence.Pointer + ((nint)first * (isDouble ? 8 : 4));
        for (int r = 0; r < n; r += TMemory.Count)
        {
            TLanes l = TMemory.Codes(labels + (r * labelWidth), labelWidth);
            TLanes p = TMemory.Codes(predictions + (r * predictionWidth), predictionWidth);
            TLanes c = isDouble ? TMemory.Doubles((double*)confidences + r) : TMemory.Floats((float*)confidences + r);
            CalibrationLanes<TLanes> row = new(l, p, c);
            TMemory.Store(row.Slot, slots + r);
            TMemory.Store(row.Sum, (double*)sums + r);
            TMemory.Store(row.Rows, (double*)rows + r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Increment(CellCounter counter, CountTable table, CountBatch batch, CodeColumn? segment, int first, int n, bool calibrate)
    {
        if (counter.IsDense)
        {
            IncrementCells(counter.Counters, Places(segment, first, n, classes * classes, pairs), n);
        }
        else
        {
            for (int r = 0; r < n; r++)
            {
                keys[r] = CellCounts.KeyOf(segment?[first + r] ?? 0, batch.Label[first + r], batch.Prediction[first + r]);
            }

            table.Counts.AsSparse().AddEach(new ReadOnlySpan<ulong>(keys, n));
        }

        if (calibrate)
        {
            AddCalibrations(table.Calibrations.Cells(Math.Max(counter.Segments, 1)), Places(segment, first, n, Calibration.Slots, slots), n);
        }
    }

    /// <summary>Of rows in a table of such blocks, one for each segment, from their places within the blocks.</summary>
    private int* Places(CodeColumn? segment, int first, int n, int block, int* within)
    {
        if (segment is null)
        {
            return within;
        }

        CellPlaces.OfSegments(segment, first, n, block, within, places);
        return places;
    }

    /// <summary>The span's check keeps a wrong code from writing elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void IncrementCells(Span<uint> counts, int* places, int n)
    {
        for (int r = 0; r < n; r++)
        {
            counts[places[r]]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCalibrations(Span<CalibrationTable.Narrow> table, int* places, int n)
    {
        for (int r = 0; r < n; r++)
        {
            ref CalibrationTable.Narrow cell = ref table[places[r]];
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
