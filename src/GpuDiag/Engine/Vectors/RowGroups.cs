using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// An order of base rows in which rows near each other stand together, after some of all kinds. So a query's threshold is near its final value
/// soon, and few tiles hold a row that comes near it. The order changes the time only.
/// </summary>
internal static unsafe class RowGroups
{
    private const int LeastRows = 2048, SampleOfGroup = 32, Steps = 2;

    /// <summary>Queries per group from which on it is worth it: finding groups costs as much as so many queries do, more or less.</summary>
    private const int QueriesOfGroup = 64;

    /// <summary>One row in so many comes first, up to a number.</summary>
    private const int FirstOf = 10, MostFirst = 4096;

    /// <summary>The distinct rows in their new order; null to leave them.</summary>
    /// <param name="plan">Of the search that the order is for.</param>
    /// <param name="batch">The base.</param>
    /// <param name="rows">Those that take part.</param>
    /// <param name="search">Finds the nearest of some rows.</param>
    public static int[]? Order(NeighborPlan plan, VectorBlock batch, DistinctRows rows, Func<NeighborPlan, IFold<VectorBlock, NeighborState>> search)
    {
        int groups = (int)Math.Clamp(Math.Sqrt(rows.Count), 48, 240) / 48 * 48, sampled = Math.Min(rows.Count, groups * SampleOfGroup);
        if (rows.Count < LeastRows || plan.Queries.Rows < (long)QueriesOfGroup * groups || plan.Metric == VectorMetric.InnerProduct)
        {
            return null;
        }

        using AlignedMemory sampleMemory = new(), centreMemory = new();
        VectorBlock sample = Gather(batch, rows, sampled, sampleMemory), centres = Gather(batch, rows, groups, centreMemory);
        for (int step = 0; step < Steps; step++)
        {
            Move(centres, sample, Nearest(plan, sample, centres, search));
        }

        int[] nearest = Nearest(plan, batch, centres, search);
        int[] group = new int[rows.Count];
        int every = Math.Max(FirstOf, rows.Count / MostFirst);
        for (int i = 0; i < group.Length; i++)
        {
            group[i] = i % every == 0 ? -1 : nearest[rows.First(i)];
        }

        int[] order = [.. Enumerable.Range(0, group.Length)];
        Array.Sort(group, order);
        return order;
    }

    private static VectorBlock Gather(VectorBlock batch, DistinctRows rows, int count, AlignedMemory memory)
    {
        memory.Reserve((nuint)count * (nuint)batch.Width * sizeof(float));
        VectorBlock block = new(memory.Pointer, count, batch.Width, 0);
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<float>(batch.Row(rows.First((int)((long)i * rows.Count / count))), batch.Width).CopyTo(new Span<float>(block.Row(i), batch.Width));
        }

        return block;
    }

    private static int[] Nearest(NeighborPlan plan, VectorBlock queries, VectorBlock to, Func<NeighborPlan, IFold<VectorBlock, NeighborState>> search)
    {
        using IFold<VectorBlock, NeighborState> fold = search(new NeighborPlan(queries, 1, plan.Metric, ExcludeSelf: false, plan.Threads) { Cancel = plan.Cancel });
        fold.Accept(to);
        NeighborState state = fold.Take();
        int[] nearest = new int[queries.Rows];
        for (int i = 0; i < nearest.Length; i++)
        {
            nearest[i] = state.Rows(i).Length == 0 ? 0 : (int)state.Rows(i)[0];
        }

        return nearest;
    }

    /// <summary>Each centre to the mean of the rows that are nearest to it; one without rows stays.</summary>
    private static void Move(VectorBlock centres, VectorBlock sample, int[] nearest)
    {
        int width = sample.Width;
        double[] sums = new double[centres.Rows * width];
        int[] counts = new int[centres.Rows];
        for (int i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i]]++;
            for (int d = 0; d < width; d++)
            {
                sums[((long)nearest[i] * width) + d] += sample.Row(i)[d];
            }
        }

        for (int g = 0; g < counts.Length; g++)
        {
            for (int d = 0; d < width && counts[g] > 0; d++)
            {
                centres.Row(g)[d] = (float)(sums[((long)g * width) + d] / counts[g]);
            }
        }
    }
}
