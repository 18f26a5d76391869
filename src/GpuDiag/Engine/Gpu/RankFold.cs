using GpuDiag.Columns;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using CountLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.RowInput, ILGPU.ArrayView<int>, ILGPU.ArrayView<GpuDiag.Kernels.RankPart>, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>>;
using GuardLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.RowInput, ILGPU.ArrayView<int>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>Counts of scores by slot. Keys and slots stay on the device; rows pass through in pieces.</summary>
internal sealed class RankFold : IFold<RankBatch, RankState>
{
    private readonly RankPlan plan;
    private readonly DeviceLane lane;
    private readonly RowStage stage;
    private readonly MemoryBuffer1D<RankPart, Stride1D.Dense> parts;
    private readonly MemoryBuffer1D<ulong, Stride1D.Dense> keys, slots;
    private readonly CodeColumn?[] tables = new CodeColumn?[1];
    private readonly GuardLaunch?[] guards = new GuardLaunch?[2];
    private readonly CountLaunch?[] launches = new CountLaunch?[2];

    public RankFold(RankPlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        stage = new RowStage(lane, limits, plan.ClassCodes, sizeof(int));
        var layout = new RankPart[plan.Partitions.Length];
        long firstKey = 0, firstSlot = 0;
        for (int i = 0; i < layout.Length; i++)
        {
            ScorePartition? partition = plan.Partitions[i];
            layout[i] = new RankPart
            {
                FirstKey = firstKey,
                Keys = partition?.Keys.Length ?? 0,
                Shift = partition is null ? -1 : 64 - partition.Bits,
                FirstSlot = firstSlot,
            };
            firstKey += partition?.Keys.Length ?? 0;
            firstSlot += 2L * (partition?.Slots ?? 0);
        }

        ulong[] allKeys = new ulong[firstKey];
        for (int i = 0; i < layout.Length; i++)
        {
            plan.Partitions[i]?.Keys.CopyTo(allKeys, layout[i].FirstKey);
        }

        parts = lane.Upload<RankPart>(layout);
        keys = lane.Upload<ulong>(allKeys);
        slots = lane.Allocate<ulong>(Math.Max(1, firstSlot));
    }

    public void Accept(RankBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rows == 0 || plan.Partitions.Length == 0)
        {
            return;
        }

        tables[0] = batch.Segment;
        lane.Synchronize();
        stage.Fit(batch.Probabilities, batch.Label, tables);
        for (int done = 0; done < batch.Rows;)
        {
            int rows = Math.Min(stage.Capacity, batch.Rows - done), from = done;
            lane.Guard(() => Start(batch, from, rows));
            done += rows;
            lane.Swap();
        }
    }

    public RankState Take()
    {
        lane.Synchronize();
        var state = new RankState(plan);
        ulong[] totals = lane.Download(slots);
        long at = 0;
        for (int i = 0; i < plan.Partitions.Length; i++)
        {
            for (int slot = 0; slot < (plan.Partitions[i]?.Slots ?? 0); slot++)
            {
                state.Negatives[i]![slot] = (long)totals[at++];
                state.Positives[i]![slot] = (long)totals[at++];
            }
        }

        lane.Clear(slots);
        return state;
    }

    public void Dispose() => lane.Dispose();

    private void Start(RankBatch batch, int from, int rows)
    {
        RowInput input = stage.Upload(batch.Probabilities, batch.Label, tables, from, rows);
        StagingBlock block = lane.Block;
        Type reader = RowStage.Reader(batch.Probabilities);
        int kind = reader == typeof(DoubleDeviceRow) ? 1 : 0;
        guards[kind] ??= lane.Load<GuardLaunch>(typeof(RankKernel), stage.IsWide ? nameof(RankKernel.GuardWide) : nameof(RankKernel.Guard), reader);
        launches[kind] ??= lane.Load<CountLaunch>(typeof(RankKernel), nameof(RankKernel.Count), reader);
        ArrayView<int> labels = block.Device(stage.ResultOffset, (long)rows * sizeof(int)).Cast<int>();
        guards[kind]!(block.Stream, lane.Grid(stage.Threads(rows)), input, labels);
        launches[kind]!(block.Stream, lane.Grid((long)rows * input.Classes), input, labels, parts.View.BaseView, keys.View.BaseView, slots.View.BaseView);
    }
}
