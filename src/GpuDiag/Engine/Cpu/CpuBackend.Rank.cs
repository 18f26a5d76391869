namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<RankBatch, RankState> Rank(RankPlan plan) => width switch
    {
        LaneWidth.Scalar => new RankFold<ScalarRows>(plan),
        _ => new RankFold<VectorRows>(plan),
    };
}
