using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<CountBatch, CountState> Count(CountPlan plan) => width switch
    {
        LaneWidth.Vector512 => new CountFold<Lanes8, LaneMemory8>(plan),
        LaneWidth.Vector256 => new CountFold<Lanes4, LaneMemory4>(plan),
        _ => new CountFold<Lanes1, LaneMemory1>(plan),
    };
}
