using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan) => new PairwiseNeighbors(plan);
}
