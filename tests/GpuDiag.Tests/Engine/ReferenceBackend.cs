using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Labels;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

/// <summary>Every operation straight from its definition: one row at a time, scalar, slow. What the backends are held to.</summary>
internal sealed class ReferenceBackend : Backend
{
    public override string Name => "reference";

    public override string Description => "scalar definitions";

    public override IFold<CountBatch, CountState> Count(CountPlan plan) =>
        new ReferenceFold<CountBatch, CountState>(() => new CountState(plan), AddCounts);

    public override IFold<ScoreBatch, ScoreState> ScoreRows(ScorePlan plan) =>
        new ReferenceFold<ScoreBatch, ScoreState>(() => new ScoreState(plan), ReferenceRows.Score);

    public override IFold<RankBatch, RankState> Rank(RankPlan plan) =>
        new ReferenceFold<RankBatch, RankState>(() => new RankState(plan), ReferenceRows.Rank);

    public override IFold<TemperBatch, TemperState> Temper(TemperPlan plan) =>
        new ReferenceFold<TemperBatch, TemperState>(() => new TemperState(plan), ReferenceRows.Temper);

    public override IFold<ConfidentJointBatch, ConfidentJointState> ConfidentJoint(ConfidentJointPlan plan) =>
        new ReferenceFold<ConfidentJointBatch, ConfidentJointState>(() => new ConfidentJointState(plan), ReferenceRows.Confident);

    public override IFold<VectorBlock, NeighborState> Neighbors(NeighborPlan plan) =>
        new ReferenceFold<VectorBlock, NeighborState>(() => new NeighborState(plan), ReferenceVectors.AddNeighbors);

    public override IFold<AssignBatch, AssignState> Assign(AssignPlan plan) =>
        new ReferenceFold<AssignBatch, AssignState>(() => new AssignState(plan), ReferenceClusters.Assign);

    public override IFold<VectorBlock, CovarianceState> Covariance(CovariancePlan plan) =>
        new ReferenceFold<VectorBlock, CovarianceState>(() => new CovarianceState(plan), ReferenceClusters.AddProducts);

    public override IFold<BitBlocks, IntersectState> Intersect(IntersectPlan plan) =>
        new ReferenceFold<BitBlocks, IntersectState>(() => new IntersectState(plan), ReferenceBits.Add);

    public override IHeadGradient HeadGradient(HeadPlan plan) => new ReferenceHead(plan);

    private static void AddCounts(CountState state, CountBatch batch)
    {
        for (int row = 0; row < batch.Rows; row++)
        {
            int label = batch.Label[row], prediction = batch.Prediction[row];
            state.Overall.Add(0, label, prediction, 1);
            for (int i = 0; i < batch.Segments.Count; i++)
            {
                state.Segments[i].Add(batch.Segments[i][row], label, prediction, 1);
            }

            if (state.Plan.Calibration)
            {
                (int slot, CalibrationCell cell) = CalibrationOf(label, prediction, batch.Confidence![row]);
                state.Overall.AddCalibration(0, slot, cell);
                for (int i = 0; i < batch.Segments.Count; i++)
                {
                    state.Segments[i].AddCalibration(batch.Segments[i][row], slot, cell);
                }
            }
        }
    }

    private static (int Slot, CalibrationCell Cell) CalibrationOf(int label, int prediction, double confidence)
    {
        if (double.IsNaN(confidence) || label == Domain.Null || prediction == Domain.Null)
        {
            return (Calibration.Missing, new CalibrationCell(1, 0, default));
        }

        if (confidence < -Calibration.Tolerance || confidence > 1 + Calibration.Tolerance)
        {
            return (Calibration.OutOfRange, new CalibrationCell(1, 0, default));
        }

        int bin = Math.Clamp((int)Math.Ceiling(15 * confidence) - 1, 0, 14);
        long quantized = Confidence.Quantize(Math.Max(confidence, 0));
        return (bin, new CalibrationCell(1, label == prediction ? 1 : 0, FixedSum.FromConfidences((ulong)quantized)));
    }
}
