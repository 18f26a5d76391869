using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>The states that the threads of a fold add to, each its own, merged when the fold's state is taken.</summary>
internal sealed unsafe class AssignSums(AssignPlan plan)
{
    private readonly ConcurrentBag<AssignState> idle = [];
    private readonly double scale = Math.ScaleB(1, plan.Grid.SumExponent);
    private readonly double keyScale = Math.ScaleB(1, plan.Grid.KeyExponent);

    /// <summary>A state for this thread alone, until it is given back.</summary>
    public AssignState Rent() => idle.TryTake(out AssignState? state) ? state : new AssignState(plan);

    public void Return(AssignState state) => idle.Add(state);

    public AssignState Take()
    {
        AssignState all = Rent();
        while (idle.TryTake(out AssignState? state))
        {
            all.Merge(state);
        }

        return all;
    }

    /// <summary>Adds a row to its centroid's sum.</summary>
    /// <param name="state">A rented one.</param>
    /// <param name="row">Width values.</param>
    /// <param name="nearest">−1 counts it as excluded.</param>
    /// <param name="squared">|row|² in the canonical order; read under cosine only.</param>
    /// <param name="key">Read when the plan asks for keys only.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(AssignState state, float* row, int nearest, double squared, double key)
    {
        if (nearest < 0)
        {
            state.ExcludedRows++;
            return;
        }

        state.Counts[nearest]++;
        if (plan.Keys)
        {
            state.ScaledInertia = state.ScaledInertia.Add(FixedSum.Quantize(key * keyScale));
        }

        double unit = plan.Metric == VectorMetric.Cosine ? 1 / Math.Sqrt(squared) : 1;
        Span<long> sums = state.Sums(nearest);
        Vector512<double> units = Vector512.Create(unit), scales = Vector512.Create(scale);
        fixed (long* sum = sums)
        {
            int i = 0;
            for (; i + 8 <= sums.Length; i += 8)
            {
                Vector256<float> eight = Vector256.Load(row + i);
                Vector512<double> values = Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
                (Vector512.Load(sum + i) + FixedGrid.Round(values * units, scales)).Store(sum + i);
            }

            for (; i < sums.Length; i++)
            {
                sum[i] += FixedGrid.Round(row[i] * unit, scale);
            }
        }
    }
}
