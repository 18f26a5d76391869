namespace GpuDiag.Engine.Bits;

/// <summary>
/// Sets of rows as bits, in blocks: block b holds, set after set, <paramref name="Words"/> words of 64 rows each, so that a
/// block of all sets stays in a core's cache. A bit beyond the last row is 0 in every set.
/// </summary>
/// <param name="Pointer">First word; aligned to 64 bytes.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Sets">Sets of rows.</param>
/// <param name="Words">Words of a set in a block: a multiple of 8, at most <see cref="MostWords"/>.</param>
public readonly record struct BitBlocks(nint Pointer, long Blocks, int Sets, int Words)
{
    public const int MostWords = 512;

    /// <summary>Bytes of one block.</summary>
    public long BlockBytes => (long)Sets * Words * sizeof(ulong);

    public BitBlocks Slice(long start, long count) => this with { Pointer = (nint)(Pointer + (start * BlockBytes)), Blocks = count };

    /// <summary>The words of a set in a block.</summary>
    internal unsafe ulong* Set(long block, int set) => (ulong*)(Pointer + (nint)(block * BlockBytes)) + ((long)set * Words);
}
