using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Rows in all sets of a candidate, and those of them in each plane: bits are rows, sets are words in blocks, block after
/// block, set after set; the first sets are the planes.
/// Cost: level + 1 words read per 64 rows, candidate and count, which many candidates share in the cache; a popcount each.
/// </summary>
public static class IntersectKernel
{
    /// <summary>
    /// A warp takes one count of one candidate over a share of the words; the counts are candidates × (1 + planes).
    /// </summary>
    /// <param name="bits">Blocks × sets × words.</param>
    /// <param name="members">Candidates × level sets.</param>
    /// <param name="counts">Receives the sums, added to what is there.</param>
    /// <param name="sets">Sets of a block.</param>
    /// <param name="words">Words of a set in a block.</param>
    /// <param name="planes">Planes.</param>
    /// <param name="level">Sets of a candidate.</param>
    /// <param name="shares">Shares that the words are cut into, so that few candidates keep a device busy too.</param>
    public static void Count(ArrayView<ulong> bits, ArrayView<int> members, ArrayView<ulong> counts, int sets, int words, int planes, int level, int shares)
    {
        int lane = Group.IdxX % Warp.WarpSize, warps = Group.DimX / Warp.WarpSize;
        long blockWords = (long)sets * words, all = bits.Length / blockWords * words, work = counts.Length * shares;
        for (long item = ((long)Grid.IdxX * warps) + (Group.IdxX / Warp.WarpSize); item < work; item += (long)Grid.DimX * warps)
        {
            long share = item / counts.Length, count = item - (share * counts.Length), candidate = count / (1 + planes);
            int plane = (int)(count - (candidate * (1 + planes))) - 1;
            long from = all * share / shares, to = all * (share + 1) / shares, first = candidate * level;
            int total = 0;
            for (long word = from + lane; word < to; word += Warp.WarpSize)
            {
                long block = word / words, at = (block * blockWords) + (word - (block * words));
                ulong both = bits[at + ((long)members[first] * words)];
                for (int i = 1; i < level; i++)
                {
                    both &= bits[at + ((long)members[first + i] * words)];
                }

                ulong counted = plane < 0 ? both : both & bits[at + ((long)(plane < 0 ? 0 : plane) * words)];
                total += IntrinsicMath.PopCount((long)counted);
            }

            // Mostly nothing for rare conjunctions: then nothing is added.
            if (total != 0)
            {
                Atomic.Add(ref counts[count], (ulong)total);
            }
        }
    }
}
