using GpuDiag.Engine.Heads;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IHeadGradient HeadGradient(HeadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new BlockHeadGradient(plan);
    }
}
