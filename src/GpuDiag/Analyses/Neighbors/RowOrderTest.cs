using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// Are like rows stored near each other? The statistic is Σ |i − j| over rows i and their neighbours j, an integer. If the
/// order of the rows had nothing to do with their content, any permutation of it were as likely, so the p-value is
/// (1 + permutations with a sum no greater) / (1 + permutations): exact for any data. One-sided: small sums mean an order.
/// </summary>
/// <remarks>
/// Of more than <see cref="MostRows"/> rows a keyed sample is taken. Then the positions of the rows that occur (sampled
/// rows and their neighbours) are permuted among these, which is a permutation of the data, too.
/// </remarks>
internal static class RowOrderTest
{
    private const int MostRows = 4096, Permutations = 999;

    private const ulong SampleStream = 0x726F_7773, PermutationStream = 0x7065_726D;

    /// <returns>Null when no row has neighbours.</returns>
    public static RowOrderResult? Run(NeighborGraph graph, ulong seed, int threads)
    {
        long[] rows = Sample(graph, seed);
        int[] positions = [.. rows.SelectMany(r => graph.Neighbors(r).ToArray().Append((int)r)).Distinct().Order()];
        (int From, int To)[] edges =
            [.. rows.SelectMany(r => graph.Neighbors(r).ToArray().Select(n => (Array.BinarySearch(positions, (int)r), Array.BinarySearch(positions, n))))];
        if (edges.Length == 0)
        {
            return null;
        }

        long observed = Sum(edges, positions);
        long[] sums = new long[Permutations];
        Parallel.For(
            0,
            Permutations,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => new int[positions.Length],
            (p, _, shuffled) =>
            {
                positions.CopyTo(shuffled, 0);
                Shuffle(shuffled, new PhiloxStream(seed, (PermutationStream << 32) | (uint)p));
                sums[p] = Sum(edges, shuffled);
                return shuffled;
            },
            _ => { });
        Int128 total = 0;
        Array.ForEach(sums, s => total += s);
        return new RowOrderResult(
            rows.Length,
            (double)observed / edges.Length,
            (double)total / ((double)Permutations * edges.Length),
            Permutations,
            (1.0 + sums.Count(s => s <= observed)) / (1 + Permutations));
    }

    /// <summary>Each row with the same probability, by its number alone.</summary>
    private static long[] Sample(NeighborGraph graph, ulong seed)
    {
        double share = (double)MostRows / graph.Rows;
        List<long> rows = [];
        for (long row = 0; row < graph.Rows; row++)
        {
            if (!graph.Neighbors(row).IsEmpty
                && (share >= 1 || Philox4x32.UnitHalfOpen(Philox4x32.At(seed, SampleStream, (ulong)row).First) < share))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static void Shuffle(int[] items, PhiloxStream draws)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)(draws.NextUnit() * (i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static long Sum((int From, int To)[] edges, int[] positions)
    {
        long sum = 0;
        foreach ((int from, int to) in edges)
        {
            sum += Math.Abs((long)positions[from] - positions[to]);
        }

        return sum;
    }
}
