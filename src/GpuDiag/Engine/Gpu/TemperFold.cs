using GpuDiag.Columns;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, GpuDiag.Kernels.RowInput, ILGPU.ArrayView<long>, ILGPU.ArrayView<double>, ILGPU.ArrayView<ulong>, int>;

namespace GpuDiag.Engine.Gpu;

/// <summary>Temperature sums. The plan fixes the tables: a code past its inverse temperatures is not evaluated.</summary>
internal sealed class TemperFold : IFold<TemperBatch, TemperState>
{
    private const long RowsPerDrain = 1L << 31;

    private readonly TemperPlan plan;
    private readonly DeviceLane lane;
    private readonly RowStage stage;
    private readonly DeviceSums sums;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> betas;
    private readonly CodeColumn?[] tables;
    private readonly Launch?[] launches = new Launch?[2];
    private TemperState state;
    private long undrained;

    public TemperFold(TemperPlan plan, DeviceLane lane, GpuLimits limits)
    {
        this.plan = plan;
        this.lane = lane;
        stage = new RowStage(lane, limits, plan.ClassCodes, 0);
        sums = new DeviceSums(lane, limits, TemperKernel.Fields);
        sums.Reset([.. plan.Betas.Select(b => b.Length)]);
        betas = lane.Upload<double>([.. plan.Betas.SelectMany(b => b)]);
        tables = new CodeColumn?[plan.Betas.Length];
        state = new TemperState(plan);
    }

    public void Accept(TemperBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Rows == 0)
        {
            return;
        }

        for (int t = 1; t < tables.Length; t++)
        {
            tables[t] = batch.Segments[t - 1];
        }

        lane.Synchronize();
        stage.Fit(batch.Probabilities, batch.Label, tables);
        for (int done = 0; done < batch.Rows;)
        {
            int rows = Math.Min(stage.Capacity, batch.Rows - done), from = done;
            lane.Guard(() => Start(batch, from, rows));
            done += rows;
            lane.Swap();
        }

        undrained += batch.Rows;
        if (undrained > RowsPerDrain)
        {
            Drain();
        }
    }

    public TemperState Take()
    {
        Drain();
        TemperState taken = state;
        state = new TemperState(plan);
        return taken;
    }

    public void Dispose() => lane.Dispose();

    private void Start(TemperBatch batch, int from, int rows)
    {
        RowInput input = stage.Upload(batch.Probabilities, batch.Label, tables, from, rows);
        int kind = RowStage.Reader(batch.Probabilities) == typeof(DoubleDeviceRow) ? 1 : 0;
        launches[kind] ??= lane.Load<Launch>(
            typeof(TemperKernel), stage.IsWide ? nameof(TemperKernel.Wide) : nameof(TemperKernel.Narrow), RowStage.Reader(batch.Probabilities));
        launches[kind]!(lane.Block.Stream, lane.Grid(stage.Threads(rows)), input, sums.Bounds, betas.View.BaseView, sums.Cells, sums.Replicas);
    }

    private void Drain()
    {
        lane.Synchronize();
        undrained = 0;
        sums.Drain((table, code, totals) =>
        {
            ref TemperCell cell = ref state.Cells[table][code];
            cell = new TemperCell(
                cell.Rows + (long)totals[TemperKernel.Rows],
                cell.Loss + DeviceSums.Sum(totals, TemperKernel.Loss),
                cell.Gradient + DeviceSums.Sum(totals, TemperKernel.Gradient),
                cell.Curvature + DeviceSums.Sum(totals, TemperKernel.Curvature));
        });
    }
}
