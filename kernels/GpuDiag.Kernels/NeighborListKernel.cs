using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Keeps the lists of candidates small, a warp per query. Law: if k rows are known whose true scores are at least t, a row
/// whose upper bound is below t is none of the k nearest. So the k-th largest lower bound is a threshold, and only
/// entries whose upper bound reaches it stay.
/// Cost per query: 32 sweeps over its list, since the k-th largest is found bit by bit.
/// </summary>
public static class NeighborListKernel
{
    /// <summary>
    /// Factor of |score| by which bounds are widened, for the roundings of the bounds themselves: 2⁻²².
    /// </summary>
    public const float Guard = 1f / (1 << 22);

    /// <summary>
    /// After a search. A query whose list ran over gets its new threshold but keeps none of the search's entries, and is
    /// appended to <paramref name="overflow"/> (overflow[0] counts them): the search has to be repeated for it. A query
    /// that ran over in a search on tensor cores leaves those for good.
    /// </summary>
    /// <param name="input">What was searched.</param>
    /// <param name="isTensor">1 after a search on tensor cores, else 0.</param>
    /// <param name="queries">Thresholds and floors are raised.</param>
    /// <param name="lists">Counts become the numbers of entries kept.</param>
    /// <param name="k">Neighbours wanted.</param>
    /// <param name="errors">Of base rows.</param>
    /// <param name="overflow">1 + as many as there are queries.</param>
    public static void Compact(NeighborInput input, int isTensor, NeighborQueries queries, NeighborLists lists, int k, NeighborErrors errors, ArrayView<int> overflow)
    {
        int lane = Group.IdxX & (Warp.WarpSize - 1);
        int warps = Grid.DimX * Group.DimX / Warp.WarpSize;
        for (int slot = Grid.GlobalLinearIndex / Warp.WarpSize; slot < input.ActiveCount; slot += warps)
        {
            int query = input.Active[slot];
            int counted = lists.Counts[query], kept = lists.Kept[query];
            if (counted != kept)
            {
                int count = Math.Min(counted, lists.Capacity);
                bool over = counted > lists.Capacity;
                ArrayView<float> shifts = isTensor != 0 ? input.TensorShifts : input.Shifts;
                float slack = isTensor != 0 ? queries.TensorSlacks[query] : queries.Slacks[query];
                float error = isTensor != 0 ? errors.Tensor : errors.Single;
                Bound(shifts, input.FirstRow, lists, query, kept, count, slack, error, queries.Self[query], lane);
                Warp.Barrier();
                float threshold = Threshold(queries.Thresholds[query], lists, query, count, k, lane);
                int stay = Squeeze(lists, query, over ? kept : count, threshold, lane);
                Warp.Barrier();
                if (lane == 0)
                {
                    lists.Counts[query] = stay;
                    lists.Kept[query] = stay;
                    queries.Thresholds[query] = threshold;
                    queries.Floors[query] = Floor(threshold, queries.Slacks[query]);
                    if (queries.TensorFloors.Length > 1)
                    {
                        bool left = over | (queries.TensorFloors[query] == float.PositiveInfinity);
                        queries.TensorFloors[query] = left ? float.PositiveInfinity : Floor(threshold, queries.TensorSlacks[query]);
                    }

                    if (over)
                    {
                        overflow[1 + Atomic.Add(ref overflow[0], 1)] = query;
                    }
                }
            }
        }
    }

    /// <summary>A score up to this proves that the true one is below the threshold.</summary>
    public static float Floor(float threshold, float slack)
    {
        float magnitude = threshold < 0 ? -threshold : threshold;
        return magnitude <= float.MaxValue ? DeterministicSingle.Fma(-Guard, magnitude, DeterministicSingle.Add(-slack, threshold)) : threshold;
    }

    /// <summary>These queries take no more candidates; what they have stays.</summary>
    public static void Retire(ArrayView<int> which, int count, NeighborQueries queries)
    {
        for (int i = Grid.GlobalLinearIndex; i < count; i += Grid.DimX * Group.DimX)
        {
            queries.Floors[which[i]] = float.PositiveInfinity;
        }
    }

    /// <summary>The lists' rows side by side: those of query first + i start at offsets[i].</summary>
    public static void Gather(NeighborLists lists, int first, int queries, ArrayView<long> offsets, ArrayView<int> rows)
    {
        for (int i = Grid.GlobalLinearIndex; i < queries; i += Grid.DimX * Group.DimX)
        {
            long from = (long)(first + i) * lists.Capacity;
            for (int entry = 0; entry < lists.Counts[first + i]; entry++)
            {
                rows[offsets[i] + entry] = lists.Rows[from + entry];
            }
        }
    }

    /// <summary>Turns the scores of new entries into bounds; a query's own row gets −∞ and so leaves the list.</summary>
    private static void Bound(ArrayView<float> shifts, int firstRow, NeighborLists lists, int query, int kept, int count, float slack, float error, int self, int lane)
    {
        long first = (long)query * lists.Capacity;
        for (int i = kept + lane; i < count; i += Warp.WarpSize)
        {
            int row = lists.Rows[first + i];
            float score = lists.Upper[first + i], shift = shifts[row - firstRow];
            float margin = DeterministicSingle.Fma(Guard, score < 0 ? -score : score, slack);
            float lower = DeterministicSingle.Fma(-error, shift < 0 ? -shift : shift, DeterministicSingle.Add(-margin, score));
            lists.Upper[first + i] = row == self ? float.NegativeInfinity : DeterministicSingle.Add(margin, score);
            lists.Lower[first + i] = row == self ? float.NegativeInfinity : lower;
        }
    }

    /// <summary>The k-th largest lower bound, or the threshold so far where that is larger or there is none.</summary>
    private static float Threshold(float threshold, NeighborLists lists, int query, int count, int k, int lane)
    {
        if (count < k)
        {
            return threshold;
        }

        long first = (long)query * lists.Capacity;
        uint key = 0;
        for (int bit = 31; bit >= 0; bit--)
        {
            uint candidate = key | (1U << bit);
            int reach = 0;
            for (int i = lane; i < count; i += Warp.WarpSize)
            {
                reach += Key(lists.Lower[first + i]) >= candidate ? 1 : 0;
            }

            for (int mask = Warp.WarpSize >> 1; mask > 0; mask >>= 1)
            {
                reach += Warp.ShuffleXor(reach, mask);
            }

            key = reach >= k ? candidate : key;
        }

        float kth = Interop.IntAsFloat((key & 0x8000_0000) != 0 ? key ^ 0x8000_0000 : ~key);
        return kth > threshold ? kth : threshold;
    }

    /// <summary>Moves the entries that reach the threshold to the front, in their order; gives their number.</summary>
    private static int Squeeze(NeighborLists lists, int query, int count, float threshold, int lane)
    {
        long first = (long)query * lists.Capacity;
        int stay = 0;
        for (int start = 0; start < count; start += Warp.WarpSize)
        {
            int i = start + lane;
            long from = first + Math.Min(i, count - 1);
            float upper = lists.Upper[from], lower = lists.Lower[from];
            int row = lists.Rows[from];
            int stays = (i < count) & (upper >= threshold) ? 1 : 0, sum = stays;
            for (int distance = 1; distance < Warp.WarpSize; distance <<= 1)
            {
                int before = Warp.Shuffle(sum, Math.Max(0, lane - distance));
                sum += lane >= distance ? before : 0;
            }

            // Every thread has read its entry before one of them is written over.
            Warp.Barrier();
            if (stays != 0)
            {
                long to = first + stay + sum - 1;
                lists.Upper[to] = upper;
                lists.Lower[to] = lower;
                lists.Rows[to] = row;
            }

            stay += Warp.Shuffle(sum, Warp.WarpSize - 1);
        }

        return stay;
    }

    /// <summary>The order-preserving integer image of a float.</summary>
    private static uint Key(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}
