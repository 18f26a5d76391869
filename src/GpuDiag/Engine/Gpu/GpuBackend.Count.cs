namespace GpuDiag.Engine.Gpu;

public sealed partial class GpuBackend
{
    public override IFold<CountBatch, CountState> Count(CountPlan plan) => new CountFold(plan, arena.NewLane(), limits);
}
