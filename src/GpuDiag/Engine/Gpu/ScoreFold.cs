using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Kernels;
using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.RowInput, int, double, ILGPU.ArrayView<long>, ILGPU.ArrayView<ulong>, int, ILGPU.ArrayView<int>, ILGPU.ArrayView<double>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Probability rows in pieces: while one piece computes, the next uploads. With segmentations the overall sums are those of
/// the first one, since every row is in exactly one segment.
/// </summary>
internal sealed class ScoreFold : IFold<ScoreBatch, ScoreState>
{
    private const long RowsPerDrain = 1L << 31;
    private const int ResultBytesPerRow = (ScoreRowsKernel.Planes * sizeof(double)) + sizeof(int);

    private readonly ScorePlan plan;
    private readonly DeviceLane lane;
    private readonly RowStage stage;
    private readonly DeviceSums sums;
    private readonly int[] sizes;
    private readonly CodeColumn?[] tables;
    private readonly (int From, int Rows, long Offset)[] pending = new (int, int, long)[2];
    private readonly Launch?[] launches = new Launch?[2];
    private ScoreState state;
    private long undrained;

    public ScoreFold(ScorePlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        stage = new RowStage(lane, limits, plan.ClassCodes, ResultBytesPerRow);
        sums = new DeviceSums(lane, limits, ScoreRowsKernel.Fields);
        sizes = new int[Math.Max(1, plan.Segments.Count)];
        tables = new CodeColumn?[sizes.Length];
        state = new ScoreState(plan);
    }

    public void Accept(ScoreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rows == 0)
        {
            return;
        }

        for (int t = 0; t < plan.Segments.Count; t++)
        {
            tables[t] = batch.Segments[t];
        }

        Grow();
        stage.Fit(batch.Probabilities, batch.Label, tables);
        for (int done = 0; done < batch.Rows;)
        {
            int rows = Math.Min(stage.Capacity, batch.Rows - done), from = done;
            lane.Guard(() => Start(batch, from, rows));
            done += rows;
            lane.Swap();
            Finish(lane.Index, batch.Scores);
        }

        lane.Synchronize();
        Finish(0, batch.Scores);
        Finish(1, batch.Scores);
        undrained += batch.Rows;
        if (undrained > RowsPerDrain)
        {
            Drain();
        }
    }

    public ScoreState Take()
    {
        Drain();
        ScoreState taken = state;
        state = new ScoreState(plan);
        if (plan.Segments.Count > 0)
        {
            for (int code = 0; code < sizes[0]; code++)
            {
                taken.Overall.Add(0, taken.Segments[0][code]);
            }
        }

        return taken;
    }

    public void Dispose() => lane.Dispose();

    /// <summary>Makes the tables fit the segments' codes.</summary>
    private void Grow()
    {
        bool grow = sizes[0] == 0;
        for (int t = 0; t < plan.Segments.Count; t++)
        {
            grow |= tables[t]!.Limit > sizes[t];
        }

        if (!grow)
        {
            return;
        }

        Drain();
        sizes[0] = Math.Max(1, sizes[0]);
        for (int t = 0; t < plan.Segments.Count; t++)
        {
            int needed = Math.Max(tables[t]!.Limit, plan.Segments[t].Count);
            sizes[t] = needed <= sizes[t] ? sizes[t] : Math.Max(needed, sizes[t] + (sizes[t] / 2));
        }

        sums.Reset(sizes);
    }

    private void Start(ScoreBatch batch, int from, int rows)
    {
        RowInput input = stage.Upload(batch.Probabilities, batch.Label, tables, from, rows);
        StagingBlock block = lane.Block;
        int kind = RowStage.Reader(batch.Probabilities) == typeof(DoubleDeviceRow) ? 1 : 0;
        launches[kind] ??= lane.Load<Launch>(
            typeof(ScoreRowsKernel), stage.IsWide ? nameof(ScoreRowsKernel.Wide) : nameof(ScoreRowsKernel.Narrow), RowStage.Reader(batch.Probabilities));

        long planeBytes = (long)rows * ScoreRowsKernel.Planes * sizeof(double), argMaxBytes = (long)rows * sizeof(int);
        ArrayView<double> planes = block.Device(stage.ResultOffset, planeBytes).Cast<double>();
        ArrayView<int> argMax = block.Device(stage.ResultOffset + planeBytes, argMaxBytes).Cast<int>();
        launches[kind]!(block.Stream, lane.Grid(stage.Threads(rows)), input, plan.TopK, ScoreCell.SquareScale, sums.Bounds, sums.Cells, sums.Replicas, argMax, planes);
        block.Download(stage.ResultOffset, planeBytes + argMaxBytes);
        pending[lane.Index] = (from, rows, stage.ResultOffset);
    }

    /// <summary>Hands out the results of the piece that a block computed, if it did.</summary>
    private void Finish(int index, RowScores scores)
    {
        (int from, int rows, long offset) = pending[index];
        if (rows == 0)
        {
            return;
        }

        pending[index] = default;
        long planeBytes = (long)rows * ScoreRowsKernel.Planes * sizeof(double);
        ReadOnlySpan<double> planes = MemoryMarshal.Cast<byte, double>(lane.At(index).Host(offset, planeBytes));
        planes[..rows].CopyTo(scores.Confidence[from..]);
        planes.Slice(rows, rows).CopyTo(scores.Margin[from..]);
        planes.Slice(2 * rows, rows).CopyTo(scores.Entropy[from..]);
        planes.Slice(3 * rows, rows).CopyTo(scores.Loss[from..]);
        planes.Slice(4 * rows, rows).CopyTo(scores.LabelProbability[from..]);
        MemoryMarshal.Cast<byte, int>(lane.At(index).Host(offset + planeBytes, (long)rows * sizeof(int))).CopyTo(scores.ArgMax[from..]);
    }

    private void Drain()
    {
        lane.Synchronize();
        undrained = 0;
        sums.Drain((table, code, totals) => (plan.Segments.Count == 0 ? state.Overall : state.Segments[table]).Add(code, new ScoreCell(
            (long)totals[ScoreRowsKernel.Scored],
            DeviceSums.Sum(totals, ScoreRowsKernel.Loss),
            DeviceSums.Sum(totals, ScoreRowsKernel.Brier),
            (long)totals[ScoreRowsKernel.TopHits],
            (long)totals[ScoreRowsKernel.NaN],
            (long)totals[ScoreRowsKernel.OutOfRange],
            (long)totals[ScoreRowsKernel.BadSum],
            (long)totals[ScoreRowsKernel.NoLabel],
            DeviceSums.Sum(totals, ScoreRowsKernel.LossSquares),
            DeviceSums.Sum(totals, ScoreRowsKernel.BrierSquares))));
    }
}
