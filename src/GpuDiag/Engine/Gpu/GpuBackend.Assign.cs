using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<AssignBatch, AssignState> Assign(AssignPlan plan) => new PairwiseAssign(plan);
}
