using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine;

/// <summary>Sums of NLL, its gradient and its curvature in β, each row's value as <c>Temper</c> of the algebra defines it.</summary>
public record struct TemperCell(long Rows, FixedSum Loss, FixedSum Gradient, FixedSum Curvature);

/// <summary>Temperature sums, indexed as <see cref="TemperPlan.Betas"/>.</summary>
public sealed class TemperState(TemperPlan plan) : IState<TemperState>
{
    public TemperPlan Plan { get; } = plan;

    public TemperCell[][] Cells { get; } = [.. plan.Betas.Select(b => new TemperCell[b.Length])];

    public void Merge(TemperState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int t = 0; t < Cells.Length; t++)
        {
            for (int s = 0; s < Cells[t].Length; s++)
            {
                TemperCell a = Cells[t][s], b = other.Cells[t][s];
                Cells[t][s] = new TemperCell(a.Rows + b.Rows, a.Loss + b.Loss, a.Gradient + b.Gradient, a.Curvature + b.Curvature);
            }
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (int t = 0; t < Cells.Length; t++)
        {
            TemperCell[] cells = Cells[t];
            IEnumerable<int> held = Enumerable.Range(0, cells.Length).Where(code => cells[code].Rows > 0);
            int[] codes = t == 0 ? [.. held] : [.. held.Where(c => c == 0), .. Plan.Segments[t - 1].Sort(held.Where(c => c != 0))];
            foreach (int code in codes)
            {
                TemperCell cell = cells[code];
                writer.Write(t);
                writer.Write(t == 0 ? "" : Plan.Segments[t - 1].Text(code));
                writer.Write(cell.Rows);
                cell.Loss.Write(writer);
                cell.Gradient.Write(writer);
                cell.Curvature.Write(writer);
            }
        }
    }
}
