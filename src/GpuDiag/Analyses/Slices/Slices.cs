using GpuDiag.Engine.Bits;

namespace GpuDiag.Analyses.Slices;

/// <summary>Which rows are in which of the slices that were found: an eighth of a byte per row and slice.</summary>
internal sealed class Slices
{
    private readonly ulong[][] members;

    public Slices(SliceRows rows, IReadOnlyList<Slice> slices) => members = [.. slices.Select(slice => Rows(rows, slice))];

    public int Count => members.Length;

    /// <summary>The slices that a row of the dataset is in, by their places in the result, best first.</summary>
    public IEnumerable<int> Of(long row)
    {
        for (int slice = 0; slice < members.Length; slice++)
        {
            if (Has(slice, row))
            {
                yield return slice;
            }
        }
    }

    public bool Has(int slice, long row) => (members[slice][row >> 6] >> (int)(row & 63) & 1) != 0;

    private static unsafe ulong[] Rows(SliceRows rows, Slice slice)
    {
        BitBlocks bits = rows.Bits;
        ulong[] words = new ulong[bits.Blocks * bits.Words];
        Array.Fill(words, ulong.MaxValue);
        for (long block = 0; block < bits.Blocks; block++)
        {
            foreach (int member in slice.Members)
            {
                ulong* from = bits.Set(block, rows.Planes + member);
                for (int i = 0; i < bits.Words; i++)
                {
                    words[(block * bits.Words) + i] &= from[i];
                }
            }
        }

        return words;
    }
}
