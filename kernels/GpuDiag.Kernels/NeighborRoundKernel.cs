using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// float32 vectors → bfloat16, to nearest, ties to even, padded with zeros to the width and number that
/// <see cref="NeighborTensorKernel"/> takes. Values must be finite. Cost per value: 4 bytes read, 2 written.
/// </summary>
public static class NeighborRoundKernel
{
    /// <summary>A thread per pair of values.</summary>
    /// <param name="from">Rows of <paramref name="fromWords"/> words.</param>
    /// <param name="fromWords">Words of a row.</param>
    /// <param name="rows">Rows to read.</param>
    /// <param name="to">Pairs of values, lower dimension in the lower half.</param>
    /// <param name="pairs">Pairs of a row written.</param>
    public static void Round(ArrayView<Words> from, int fromWords, int rows, ArrayView<uint> to, int pairs)
    {
        ArrayView<uint> values = from.Cast<uint>();
        long fromValues = fromWords * 4L;
        for (long i = Grid.GlobalLinearIndex; i < to.Length; i += (long)Grid.DimX * Group.DimX)
        {
            long row = i / pairs, value = (i - (row * pairs)) * 2;
            bool real = (row < rows) & (value < fromValues);
            long at = real ? (row * fromValues) + value : 0;
            to[i] = real ? Nearest(values[at]) | (Nearest(values[at + 1]) << 16) : 0;
        }
    }

    /// <summary>Pairs of bfloat16 → float32, exactly. A thread per pair.</summary>
    public static void Widen(ArrayView<uint> pairs, ArrayView<uint> to)
    {
        for (long i = Grid.GlobalLinearIndex; i < pairs.Length; i += (long)Grid.DimX * Group.DimX)
        {
            uint pair = pairs[i];
            to[2 * i] = pair << 16;
            to[(2 * i) + 1] = pair & 0xFFFF_0000;
        }
    }

    private static uint Nearest(uint bits) => (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
}
