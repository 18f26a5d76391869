namespace GpuDiag.Engine.Cpu;

public sealed partial class CpuBackend
{
    public override IFold<TemperBatch, TemperState> Temper(TemperPlan plan) => width switch
    {
        LaneWidth.Scalar => new TemperFold<ScalarRows>(plan),
        _ => new TemperFold<VectorRows>(plan),
    };
}
