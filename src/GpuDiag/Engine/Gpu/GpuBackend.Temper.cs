namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<TemperBatch, TemperState> Temper(TemperPlan plan) => new TemperFold(plan, arena.NewLane(), limits);
}
