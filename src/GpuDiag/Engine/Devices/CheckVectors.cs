using GpuDiag.Columns;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Devices;

/// <summary>Vectors of one check, drawn by a fixed seed. The queries are the last of the rows, the base is all of them.</summary>
internal sealed record CheckVectors(CheckShape Shape, int Queries, int Rows, int Width, int K, VectorMetric Metric)
{
    private static readonly float[] Odd = [float.NaN, float.NegativeInfinity, 1e30f, -1e-30f, float.Epsilon, 0, -0f, 70000, 1 + (1f / 512)];

    /// <summary>Around the edges of vectors, warps and tiles; the last ones are for devices that are fast enough.</summary>
    public static IEnumerable<CheckVectors> Cases()
    {
        foreach (CheckShape shape in Enum.GetValues<CheckShape>())
        {
            yield return new(shape, 1, 1, 1, 1, VectorMetric.L2);
            yield return new(shape, 2, 33, 7, 3, VectorMetric.Cosine);
            yield return new(shape, 3, 63, 8, 1, VectorMetric.InnerProduct);
            yield return new(shape, 3, 64, 9, 70, VectorMetric.L2);
            yield return new(shape, 4, 65, 17, 2, VectorMetric.L2);
            yield return new(shape, 4, 129, 3, 2, VectorMetric.Cosine);
            foreach (int edge in new[] { 127, 128, 129, 255, 257 })
            {
                yield return new(shape, edge, (2 * edge) + 1, 96, 10, (VectorMetric)(edge % 3));
            }

            yield return new(shape, 130, 4_001, 31, 100, VectorMetric.L2);
            yield return new(shape, 200, 10_007, 64, 10, VectorMetric.Cosine);
            yield return new(shape, 100, 2_001, 768, 30, VectorMetric.L2);
            yield return new(shape, 100, 10_007, 128, 5, VectorMetric.InnerProduct);
        }
    }

    /// <summary>What is wrong with a backend's neighbours, or null: against the canonical distance of every pair.</summary>
    public unsafe string? Neighbors(Backend backend)
    {
        using AlignedMemory memory = new();
        memory.Reserve((nuint)Rows * (nuint)Width * sizeof(float));
        Fill(memory.Span<float>(Rows * Width));
        VectorBlock all = new(memory.Pointer, Rows, Width, 0);
        bool excludeSelf = Shape != CheckShape.Exact;
        NeighborPlan plan = new(all.Slice(Rows - Queries, Queries), K, Metric, excludeSelf, Environment.ProcessorCount);
        NeighborState expected = Search(new PairwiseNeighbors(plan), all), actual = Search(backend.Neighbors(plan), all);
        for (int q = 0; q < Queries; q++)
        {
            // A query is among the rows, so at distance 0 from itself or an equal row before it.
            long own = Rows - Queries + q;
            if (Shape == CheckShape.Exact && Metric == VectorMetric.L2 && (actual.Rows(q).IsEmpty || actual.Rows(q)[0] > own || actual.Keys(q)[0] != 0))
            {
                return $"query {q} is not its own neighbour";
            }

            if (!expected.Rows(q).SequenceEqual(actual.Rows(q)))
            {
                return $"query {q} has other neighbours than by the canonical distance";
            }
        }

        return CheckOperations.Compare(expected, actual);
    }

    /// <summary>What is wrong with a backend's sums of products, or null: against the host's. The metric does not matter.</summary>
    public string? Covariance(Backend backend)
    {
        using AlignedMemory memory = new();
        memory.Reserve((nuint)Rows * (nuint)Width * sizeof(float));
        Fill(memory.Span<float>(Rows * Width));
        VectorBlock all = new(memory.Pointer, Rows, Width, 0);
        CovariancePlan plan = CovariancePlan.For(VectorRange.Of(all, Environment.ProcessorCount, default), Environment.ProcessorCount);
        using var host = new CpuBackend();
        return CheckOperations.Compare(Sum(host.Covariance(plan), all), Sum(backend.Covariance(plan), all));
    }

    private static CovarianceState Sum(IFold<VectorBlock, CovarianceState> fold, VectorBlock all)
    {
        using (fold)
        {
            fold.Accept(all.Slice(0, all.Rows / 3));
            fold.Accept(all.Slice(all.Rows / 3, all.Rows - (all.Rows / 3)));
            return fold.Take();
        }
    }

    private static NeighborState Search(IFold<VectorBlock, NeighborState> fold, VectorBlock all)
    {
        using (fold)
        {
            // In two pieces: the second has thresholds from the first.
            fold.Accept(all.Slice(0, all.Rows / 3));
            fold.Accept(all.Slice(all.Rows / 3, all.Rows - (all.Rows / 3)));
            return fold.Take();
        }
    }

    private void Fill(Span<float> values)
    {
        var random = new Random(Rows + (31 * Width) + (977 * (int)Shape));
        for (int row = 0; row < Rows; row++)
        {
            Span<float> vector = values.Slice(row * Width, Width);
            bool isCopy = Shape is CheckShape.Skewed or CheckShape.Adversarial && row > 0 && random.Next(4) == 0;
            if (isCopy)
            {
                values.Slice(random.Next(row) * Width, Width).CopyTo(vector);
                continue;
            }

            for (int i = 0; i < Width; i++)
            {
                // Skewed: most rows in one place, far from the origin beside what they are apart.
                vector[i] = Shape == CheckShape.Exact ? random.Next(-2, 3)
                    : Shape == CheckShape.Skewed && row % 8 != 0 ? 3 + (random.NextSingle() / 64)
                    : (random.NextSingle() * 4) - 2;
            }

            if (Shape == CheckShape.Adversarial && random.Next(5) == 0)
            {
                vector[random.Next(Width)] = Odd[random.Next(Odd.Length)];
            }
        }
    }
}
