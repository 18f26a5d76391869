using System.Buffers;
using System.Runtime.CompilerServices;

namespace GpuDiag.Engine;

/// <summary>
/// Sorts integers by digits of eleven bits, the lowest first (LSD radix sort): a pass per digit that differs, which beats comparing
/// from some thousand keys on, and more so the fewer bits keys have.
/// </summary>
internal static class KeySort
{
    private const int LeastKeys = 1024;
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <param name="keys">Sorted ascending in place.</param>
    /// <param name="bits">Every key is below 2^bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(Span<ulong> keys, int bits)
    {
        if (keys.Length < LeastKeys)
        {
            keys.Sort();
            return;
        }

        ulong[] rented = ArrayPool<ulong>.Shared.Rent(keys.Length);
        Span<ulong> from = keys, to = rented.AsSpan(0, keys.Length);
        Span<int> place = stackalloc int[Digits];
        for (int shift = 0; shift < bits; shift += DigitBits)
        {
            place.Clear();
            foreach (ulong key in from)
            {
                place[(int)(key >> shift) & (Digits - 1)]++;
            }

            if (place[(int)(from[0] >> shift) & (Digits - 1)] == from.Length)
            {
                continue;
            }

            int start = 0;
            foreach (ref int digit in place)
            {
                (digit, start) = (start, start + digit);
            }

            foreach (ulong key in from)
            {
                to[place[(int)(key >> shift) & (Digits - 1)]++] = key;
            }

            Span<ulong> swap = from;
            from = to;
            to = swap;
        }

        if (!from.Overlaps(keys))
        {
            from.CopyTo(keys);
        }

        ArrayPool<ulong>.Shared.Return(rented);
    }
}
