using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Cpu.Bits;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<BitBlocks, IntersectState> Intersect(IntersectPlan plan) => width switch
    {
        LaneWidth.Vector512 => new IntersectFold<BitLanes512>(plan),
        LaneWidth.Vector256 => new IntersectFold<BitLanes256>(plan),
        _ => new IntersectFold<BitLanes64>(plan),
    };
}
