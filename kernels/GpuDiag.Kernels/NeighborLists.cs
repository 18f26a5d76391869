using System.Runtime.InteropServices;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Bounded lists of candidates, <see cref="Capacity"/> entries per query. A search appends (score, row) and counts on past
/// the end, so that what did not fit is known; <see cref="NeighborListKernel"/> turns scores into bounds and makes room.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct NeighborLists
{
    /// <summary>Entries per query, those that did not fit included.</summary>
    public ArrayView<int> Counts;

    /// <summary>Entries per query that earlier searches left: their bounds are known.</summary>
    public ArrayView<int> Kept;

    /// <summary>Upper bound of the true score; as long as an entry is not kept, its score.</summary>
    public ArrayView<float> Upper;

    /// <summary>Lower bound of the true score.</summary>
    public ArrayView<float> Lower;

    /// <summary>Base rows, counted from the search's first.</summary>
    public ArrayView<int> Rows;

    public int Capacity;

    /// <summary>Takes a row if its score exceeds the query's floor.</summary>
    public readonly void Offer(int query, float floor, float score, int row)
    {
        if (score > floor)
        {
            int at = Atomic.Add(ref Counts[query], 1);
            if (at < Capacity)
            {
                long entry = ((long)query * Capacity) + at;
                Upper[entry] = score;
                Rows[entry] = row;
            }
        }
    }
}
