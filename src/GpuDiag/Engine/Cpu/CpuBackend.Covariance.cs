using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<VectorBlock, CovarianceState> Covariance(CovariancePlan plan) => new CovarianceFold(plan);
}
