namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<ScoreBatch, ScoreState> ScoreRows(ScorePlan plan) => width switch
    {
        LaneWidth.Scalar => new ScoreFold<ScalarRows>(plan),
        _ => new ScoreFold<VectorRows>(plan),
    };
}
