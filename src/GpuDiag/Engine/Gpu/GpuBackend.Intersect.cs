using GpuDiag.Engine.Bits;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<BitBlocks, IntersectState> Intersect(IntersectPlan plan) => new IntersectFold(plan, arena.NewLane(), limits);
}
