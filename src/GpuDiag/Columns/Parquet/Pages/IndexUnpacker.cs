using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// The hot loop of dictionary pages: unpacks indices of 1 to 8 bits and maps them through a table of bytes.
/// One sealed class per instruction set, all with the same result; <see cref="UnpackerCatalog"/> chooses.
/// </summary>
internal abstract unsafe class IndexUnpacker
{
    /// <summary>
    /// Writes <c>table[index]</c> for <paramref name="count"/> packed indices and returns the largest index.
    /// </summary>
    /// <param name="source">First packed byte; 64 bytes past the last are readable.</param>
    /// <param name="bitWidth">1 to 8.</param>
    /// <param name="target">Room for the values, and 63 bytes past them that may be overwritten.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="table">256 entries.</param>
    public abstract int Map(byte* source, int bitWidth, byte* target, int count, byte* table);

    /// <summary>
    /// Spreads dense values over rows: row i takes the next value where bit i of <paramref name="present"/> is set,
    /// else 0. Up to 64 bytes past the values may be read and past the rows be overwritten.
    /// </summary>
    public abstract void Expand(byte* dense, ulong* present, int rows, byte* target);
}

/// <summary>The obvious loop, one value at a time: what the others must equal, and what runs where nothing else does.</summary>
internal sealed unsafe class ScalarUnpacker : IndexUnpacker
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Map(byte* source, int bitWidth, byte* target, int count, byte* table)
    {
        uint mask = (1u << bitWidth) - 1;
        uint largest = 0;
        long bit = 0;
        for (int i = 0; i < count; i++, bit += bitWidth)
        {
            uint index = ((uint)Unsafe.ReadUnaligned<ushort>(source + (bit >> 3)) >> (int)(bit & 7)) & mask;
            largest = Math.Max(largest, index);
            target[i] = table[index];
        }

        return (int)largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Expand(byte* dense, ulong* present, int rows, byte* target) =>
        NullSpread.Bytes(dense, present, rows, target);
}
