using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>Per centroid how many rows it is nearest to and their exact sum; what a step of k-means moves it by.</summary>
public sealed class AssignState : IState<AssignState>
{
    private readonly long[] counts, sums;

    public AssignState(AssignPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        counts = new long[plan.Count];
        sums = new long[checked((long)plan.Count * plan.Width)];
    }

    public AssignPlan Plan { get; }

    /// <summary>Rows that went to no centroid.</summary>
    public long ExcludedRows { get; set; }

    /// <summary>Sum of the keys, times 2^KeyExponent; 0 unless the plan asks for keys.</summary>
    public FixedSum ScaledInertia { get; set; }

    /// <summary>Sum of the keys: under L2 the squared distances to the nearest centroid.</summary>
    public double Inertia => Math.ScaleB(ScaledInertia.ToDouble(), -Plan.Grid.KeyExponent);

    /// <summary>Rows by centroid.</summary>
    public Span<long> Counts => counts;

    /// <summary>The sum over a centroid's rows, a dimension an element, in steps of the plan's grid.</summary>
    public Span<long> Sums(int centroid) => sums.AsSpan(centroid * Plan.Width, Plan.Width);

    /// <summary>Writes the mean of a centroid's rows (under cosine of their unit vectors), rounded to float32. It has rows.</summary>
    public void Mean(int centroid, Span<float> mean)
    {
        double steps = Math.ScaleB(1, -Plan.Grid.SumExponent);
        Span<long> sum = Sums(centroid);
        for (int i = 0; i < sum.Length; i++)
        {
            mean[i] = (float)(sum[i] * steps / counts[centroid]);
        }
    }

    public void Merge(AssignState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ExcludedRows += other.ExcludedRows;
        ScaledInertia += other.ScaledInertia;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += other.sums[i];
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(ExcludedRows);
        ScaledInertia.Write(writer);
        Array.ForEach(counts, writer.Write);
        Array.ForEach(sums, writer.Write);
    }
}
