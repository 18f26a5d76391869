using System.Numerics;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// ConfidentJoint on the host. Thresholds are rounded up to the precision of the rows, which a stored probability reaches
/// exactly when it reaches the threshold itself.
/// </summary>
internal sealed unsafe class ConfidentFold<TRows> : IFold<ConfidentJointBatch, ConfidentJointState>
    where TRows : struct, IConfidentRows
{
    private readonly ConfidentJointPlan plan;
    private readonly ClassColumns columns;
    private readonly float[] floats;
    private ConfidentJointState state;

    public ConfidentFold(ConfidentJointPlan plan)
    {
        this.plan = plan;
        columns = new ClassColumns(plan.ClassCodes);
        floats = [.. plan.Least.Select(ProbabilityRow.Up)];
        state = new ConfidentJointState(plan);
    }

    public void Accept(ConfidentJointBatch batch)
    {
        if (!columns.Has(batch.Probabilities))
        {
            return;
        }

        if (batch.Probabilities.IsDouble)
        {
            fixed (double* least = plan.Least)
            {
                Add(batch, (double*)batch.Probabilities.Pointer, least, RowRule.Least, RowRule.Most);
            }
        }
        else
        {
            fixed (float* least = floats)
            {
                Add(batch, (float*)batch.Probabilities.Pointer, least, ProbabilityRow.Up(RowRule.Least), -ProbabilityRow.Up(-RowRule.Most));
            }
        }
    }

    public ConfidentJointState Take()
    {
        ConfidentJointState taken = state;
        state = new ConfidentJointState(plan);
        return taken;
    }

    public void Dispose()
    {
    }

    private void Add<T>(ConfidentJointBatch batch, T* matrix, T* least, T lowest, T highest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int classes = columns.Count;
        for (int r = 0; r < batch.Rows; r++)
        {
            int label = columns[batch.Label[r]];
            T* row = matrix + ((nint)r * classes);
            if (label < 0 || !TRows.TryCompare(row, least, classes, lowest, highest, out int count, out int last))
            {
                continue;
            }

            // The arg max is asked for only where it matters: of several classes, and to tell whether the label is disputed.
            bool right = count == 0 || (count == 1 && last == label);
            int best = right ? label : TRows.ArgMax(row, classes);
            bool disputed = !right && Confident.IsDisputed(double.CreateChecked(row[label]), double.CreateChecked(row[best]), best, label);
            state.Add(label, Confident.Guess(count, last, best), disputed);
        }
    }
}
