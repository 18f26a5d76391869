using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<VectorBlock, CovarianceState> Covariance(CovariancePlan plan) => new CovarianceFold(plan, arena.NewLane(), limits);
}
