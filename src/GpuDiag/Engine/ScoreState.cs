using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine;

/// <summary>Exact sums over probability rows, overall and per segment.</summary>
public sealed class ScoreState : IState<ScoreState>
{
    public ScoreState(ScorePlan plan)
    {
        Plan = plan;
        Overall = new ScoreTable(null);
        Segments = [.. plan.Segments.Select(s => new ScoreTable(s))];
    }

    public ScorePlan Plan { get; }

    public ScoreTable Overall { get; }

    public IReadOnlyList<ScoreTable> Segments { get; }

    public void Merge(ScoreState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Overall.Merge(other.Overall);
        for (int i = 0; i < Segments.Count; i++)
        {
            Segments[i].Merge(other.Segments[i]);
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Overall.Write(writer);
        foreach (ScoreTable table in Segments)
        {
            table.Write(writer);
        }
    }
}

/// <summary>
/// One segment's sums. Every row is one of Scored, NaN, OutOfRange (<see cref="RowRule"/>) and NoLabel (a valid row
/// whose label is null or has no probability column); BadSum is counted over valid rows. Loss, Brier, their squares and
/// TopHits are over <see cref="Scored"/> rows.
/// A square enters as Quantize(Mul(Mul(v, v), <see cref="SquareScale"/>)), which keeps the largest loss in the grid's range.
/// </summary>
public record struct ScoreCell(
    long Scored, FixedSum Loss, FixedSum Brier, long TopHits, long NaN, long OutOfRange, long BadSum, long NoLabel, FixedSum LossSquares, FixedSum BrierSquares)
{
    /// <summary>2⁻⁴: the unit of the sums of squares is 16.</summary>
    public const double SquareScale = 0.0625;
}
