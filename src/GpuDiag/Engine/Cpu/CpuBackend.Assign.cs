using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<AssignBatch, AssignState> Assign(AssignPlan plan) => new CertifiedAssign(plan, Neighbors);
}
