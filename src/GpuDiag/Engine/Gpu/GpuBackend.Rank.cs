namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<RankBatch, RankState> Rank(RankPlan plan) => new RankFold(plan, arena.NewLane(), limits);
}
