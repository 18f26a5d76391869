using GpuDiag.Engine.Heads;

namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IHeadGradient HeadGradient(HeadPlan plan) => new HeadGradientDevice(plan, arena.NewLane());
}
