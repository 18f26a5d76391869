using System.Globalization;
using GpuDiag.Columns;
using GpuDiag.Engine.Bits;
using GpuDiag.Engine.Heads;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Devices;

/// <summary>The plans that benchmarks share.</summary>
internal static class BenchPlans
{
    /// <summary>A thousand keys per class, evenly over [0, 0.2), where most scores of a hundred classes lie.</summary>
    public static RankPlan Rank(CheckCase data)
    {
        ulong[] keys = [.. Enumerable.Range(0, 1000).Select(i => ScoreKey.Of(i / 5000.0))];
        return new RankPlan(data.Classes, data.ClassCodes, null, [.. data.ClassCodes.Select(_ => new ScorePartition(keys, 64))]);
    }

    /// <summary>One β for all rows and segments: one evaluation per row.</summary>
    public static TemperPlan Temper(CheckCase data) =>
        new(data.Classes, data.ClassCodes, [data.Segments], [[1.25], [.. Enumerable.Repeat(1.25, data.SegmentCount + 1)]]);

    /// <summary>
    /// Ten neighbours by Euclidean distance in 128 dimensions, of random vectors. A row of the figure is a pair: 128
    /// multiply-adds. Candidates, bounds and canonical distances are in the time.
    /// </summary>
    public static BenchFigure Neighbors(Backend backend, int queries, int rows, int threads, BenchScale scale, BenchLimit single, string where)
    {
        const int Width = 128;
        using AlignedMemory memory = new();
        memory.Reserve((nuint)rows * Width * sizeof(float));
        var random = new Random(1);
        foreach (ref float value in memory.Span<float>(rows * Width))
        {
            value = random.NextSingle();
        }

        VectorBlock all = new(memory.Pointer, rows, Width, 0);
        NeighborPlan plan = new(all.Slice(0, queries), 10, VectorMetric.L2, true, threads);
        using IFold<VectorBlock, NeighborState> fold = backend.Neighbors(plan);
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            fold.Accept(all);
            fold.Take();
        });
        return BenchFigure.Of("Neighbors", string.Create(CultureInfo.InvariantCulture, $"pairs of {queries:N0} × {rows:N0} × {Width}, k = 10, {where}"), (long)queries * rows, seconds, (Width, single));
    }

    /// <summary>
    /// All pairs of 48 sets of rows, and one set to count in each: what slices of two predicates cost. A row of the figure is a row of a pair.
    /// Of its three bits that of the second set is bound to come from afar: the first set and the one to count stay in the nearest cache while others pass.
    /// </summary>
    public static BenchFigure Intersect(Backend backend, int rows, int threads, BenchScale scale, BenchLimit read, string where)
    {
        const int Sets = 48;
        using BitMatrix bits = new(rows, 1 + Sets);
        var random = new Random(1);
        for (int set = 0; set < bits.All.Sets; set++)
        {
            for (long block = 0; block < bits.All.Blocks; block++)
            {
                // The last block stays empty: bits beyond the last row must be 0.
                random.NextBytes(block < bits.All.Blocks - 1 ? bits.Words(block, set) : []);
            }
        }

        int[] members = [.. Enumerable.Range(0, Sets).SelectMany(a => Enumerable.Range(a + 1, Sets - a - 1).SelectMany(b => (int[])[1 + a, 1 + b]))];
        IntersectPlan plan = new(1, 2, members, threads);
        using IFold<BitBlocks, IntersectState> fold = backend.Intersect(plan);
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            fold.Accept(bits.All);
            fold.Take();
        });
        return BenchFigure.Of("Intersect", string.Create(CultureInfo.InvariantCulture, $"rows of {plan.Candidates:N0} pairs of {Sets} sets, one to count, {where}"), (long)plan.Candidates * rows, seconds, (1.0 / 8, read));
    }

    /// <summary>Loss and gradient of a head for 100 classes on 128 dimensions, of random rows; on a device these lie there. Two multiply-adds per row, dimension and class.</summary>
    public static BenchFigure HeadGradient(Backend backend, int rows, int threads, BenchScale scale, BenchLimit arithmetic, string where)
    {
        const int Width = 128, Classes = 100;
        using AlignedMemory memory = new();
        memory.Reserve((nuint)rows * Width * sizeof(float));
        var random = new Random(1);
        foreach (ref float value in memory.Span<float>(rows * Width))
        {
            value = random.NextSingle();
        }

        HeadPlan plan = new(new VectorBlock(memory.Pointer, rows, Width, 0), [.. Enumerable.Range(0, rows).Select(i => i % Classes)], [.. Enumerable.Repeat(1.0, rows)], [.. Enumerable.Repeat(true, Classes)], threads);
        using IHeadGradient head = backend.HeadGradient(plan);
        double[] weights = new double[head.Length], gradient = new double[head.Length];
        double seconds = DeviceBench.Best(scale.Repetitions, () => head.Evaluate(weights, gradient));
        return BenchFigure.Of("HeadGradient", string.Create(CultureInfo.InvariantCulture, $"{Width} dimensions, {Classes} classes, {where}"), rows, seconds, (2.0 * Width * Classes, arithmetic));
    }
}
