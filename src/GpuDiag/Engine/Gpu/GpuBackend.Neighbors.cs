using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan) => new PairwiseNeighbors(plan);
}
