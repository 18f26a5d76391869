using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>What one row adds to the <see cref="ScoreCell"/> of all rows and of each of its segments: quantised once.</summary>
internal struct RowAddend
{
    private int scored, noLabel, nan, outOfRange, badSum, topHit;
    private long loss, brier, lossSquare, brierSquare;

    public static RowAddend Excluded(bool isNaN) => new() { nan = isNaN ? 1 : 0, outOfRange = isNaN ? 0 : 1 };

    /// <summary>A valid row; a loss of NaN is a row without a known label.</summary>
    public static RowAddend Valid(in RowScan scan, double loss, int topK)
    {
        RowAddend addend = new() { badSum = RowRule.IsBadMass(scan.Mass) ? 1 : 0 };
        if (double.IsNaN(loss))
        {
            addend.noLabel = 1;
            return addend;
        }

        addend.scored = 1;
        addend.topHit = scan.Rank < topK ? 1 : 0;
        addend.loss = FixedSum.Quantize(loss);
        addend.brier = FixedSum.Quantize(scan.Brier);
        addend.lossSquare = Square(loss);
        addend.brierSquare = Square(scan.Brier);
        return addend;
    }

    public readonly void AddTo(ref ScoreCell cell)
    {
        cell.Scored += scored;
        cell.Loss = cell.Loss.Add(loss);
        cell.Brier = cell.Brier.Add(brier);
        cell.TopHits += topHit;
        cell.NaN += nan;
        cell.OutOfRange += outOfRange;
        cell.BadSum += badSum;
        cell.NoLabel += noLabel;
        cell.LossSquares = cell.LossSquares.Add(lossSquare);
        cell.BrierSquares = cell.BrierSquares.Add(brierSquare);
    }

    private static long Square(double v) => FixedSum.Quantize(Deterministic.Mul(Deterministic.Mul(v, v), ScoreCell.SquareScale));
}
