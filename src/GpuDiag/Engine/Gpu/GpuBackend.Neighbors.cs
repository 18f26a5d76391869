using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.K <= NeighborDevice.MaxK && plan.Queries.Width <= NeighborBound.MaxWidth && plan.Queries.Rows > 0
            ? new CertifiedNeighbors(plan, new NeighborDevices(arena.NewLanes(), limits, plan))
            : new Cpu.CpuBackend().Neighbors(plan);
    }
}
