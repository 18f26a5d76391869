using GpuDiag.Engine.Cpu.Neighbors;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Queries.Width <= NeighborBound.MaxWidth
            ? new CertifiedNeighbors(plan, new PanelSearch(TileShape.Fastest(width)))
            : new PairwiseNeighbors(plan);
    }
}
