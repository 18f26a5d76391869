using GpuDiag.Engine;
using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Devices;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Labels;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

public sealed class DeviceCheckTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("simulator")]
    public void EveryOperation_Passes(string device)
    {
        IReadOnlyList<DeviceCheckResult> results = DeviceCheck.Run(device);
        Assert.Equal(["Count", "ScoreRows", "Rank", "Temper", "ConfidentJoint", "Neighbors", "Covariance", "Intersect", "HeadGradient"], results.Select(r => r.Operation));
        Assert.All(results, r => Assert.True(r.Passed, $"{r.Operation}: {r.FirstFailure}"));
        Assert.All(results, r => Assert.True(r.Cases > 20 && r.Rows > 1000 && r.Failures == 0));
    }

    [Fact]
    public void AnAbsentDevice_FailsItsCheck()
    {
        IReadOnlyList<DeviceCheckResult> results = DeviceCheck.Run("cuda:77");
        Assert.All(results, r => Assert.False(r.Passed));
        Assert.All(results, r => Assert.Equal(0, r.Cases));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AWrongBackend_IsFoundOut(bool exact)
    {
        using var data = new CheckCase(exact ? CheckShape.Exact : CheckShape.Adversarial, 257, 3, 4, false);
        using var wrong = new LosesTheLastRow();
        Assert.NotNull(CheckOperations.Count(wrong, data));
        Assert.NotNull(CheckOperations.ScoreRows(wrong, data));
        Assert.NotNull(CheckOperations.Rank(wrong, data));
        Assert.NotNull(CheckOperations.Temper(wrong, data));
        Assert.NotNull(CheckLabels.ConfidentJoint(wrong, data));
        Assert.NotNull(new CheckVectors(data.Shape, 20, 130, 7, 100, VectorMetric.L2).Neighbors(wrong));
        Assert.NotNull(new CheckVectors(data.Shape, 20, 130, 7, 100, VectorMetric.L2).Covariance(wrong));
        Assert.NotNull(new CheckBits(70_001, 1, 20, 2, 150).Intersect(wrong));
        Assert.NotNull(new CheckHeads(130, 7, 5, exact ? 0 : 1).HeadGradient(wrong));
    }

    /// <summary>As a kernel with a fault at the edge would: all rows but the last few.</summary>
    private sealed class LosesTheLastRow : Backend
    {
        private readonly CpuBackend cpu = new();

        public override string Name => "wrong";

        public override string Description => Name;

        public override IFold<CountBatch, CountState> Count(CountPlan plan) => new Short<CountBatch, CountState>(cpu.Count(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<ScoreBatch, ScoreState> ScoreRows(ScorePlan plan) => new Short<ScoreBatch, ScoreState>(cpu.ScoreRows(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<RankBatch, RankState> Rank(RankPlan plan) => new Short<RankBatch, RankState>(cpu.Rank(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<TemperBatch, TemperState> Temper(TemperPlan plan) => new Short<TemperBatch, TemperState>(cpu.Temper(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<ConfidentJointBatch, ConfidentJointState> ConfidentJoint(ConfidentJointPlan plan) =>
            new Short<ConfidentJointBatch, ConfidentJointState>(cpu.ConfidentJoint(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan) =>
            new Short<VectorBlock, NeighborState>(cpu.Neighbors(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<AssignBatch, AssignState> Assign(AssignPlan plan) =>
            new Short<AssignBatch, AssignState>(cpu.Assign(plan), b => b with { Vectors = b.Vectors.Slice(0, b.Vectors.Rows - 9) });

        public override IFold<VectorBlock, CovarianceState> Covariance(CovariancePlan plan) =>
            new Short<VectorBlock, CovarianceState>(cpu.Covariance(plan), b => b with { Rows = b.Rows - 9 });

        public override IFold<BitBlocks, IntersectState> Intersect(IntersectPlan plan) =>
            new Short<BitBlocks, IntersectState>(cpu.Intersect(plan), b => b.Slice(0, b.Blocks - 1));

        public override IHeadGradient HeadGradient(HeadPlan plan) => cpu.HeadGradient(plan with { Rows = plan.Rows.Slice(0, plan.Rows.Rows - 9) });
    }

    private sealed class Short<TBatch, TState>(IFold<TBatch, TState> fold, Func<TBatch, TBatch> cut) : IFold<TBatch, TState>
        where TState : IState<TState>
    {
        public void Accept(TBatch batch) => fold.Accept(cut(batch));

        public TState Take() => fold.Take();

        public void Dispose() => fold.Dispose();
    }
}
