namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<ScoreBatch, ScoreState> ScoreRows(ScorePlan plan) => new ScoreFold(plan, arena.NewLane(), limits);
}
