using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>
/// 256-bit registers. Bits of each byte are summed in place (Wilkes, Wheeler and Gill), bytes of up to 31 registers are
/// added before they are summed: no instruction beyond plain vectors.
/// </summary>
internal readonly struct BitLanes256 : IBitLanes
{
    private const int Step = 4, Round = 31;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe long And(ulong* a, ulong* b, ulong* to, int words)
    {
        long count = 0;
        for (int start = 0; start < words; start += Round * Step)
        {
            Vector256<byte> bytes = default;
            for (int i = start; i < Math.Min(words, start + (Round * Step)); i += Step)
            {
                Vector256<ulong> both = Vector256.Load(a + i) & Vector256.Load(b + i);
                both.Store(to + i);
                bytes += Bytes(both);
            }

            count += Sum(bytes);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe long Count(ulong* a, ulong* b, int words)
    {
        long count = 0;
        for (int start = 0; start < words; start += Round * Step)
        {
            Vector256<byte> bytes = default;
            for (int i = start; i < Math.Min(words, start + (Round * Step)); i += Step)
            {
                bytes += Bytes(Vector256.Load(a + i) & Vector256.Load(b + i));
            }

            count += Sum(bytes);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe (long All, long Plane) Count(ulong* a, ulong* b, ulong* plane, int words)
    {
        long all = 0, some = 0;
        for (int start = 0; start < words; start += Round * Step)
        {
            Vector256<byte> allBytes = default, someBytes = default;
            for (int i = start; i < Math.Min(words, start + (Round * Step)); i += Step)
            {
                Vector256<ulong> both = Vector256.Load(a + i) & Vector256.Load(b + i);
                allBytes += Bytes(both);
                someBytes += Bytes(both & Vector256.Load(plane + i));
            }

            all += Sum(allBytes);
            some += Sum(someBytes);
        }

        return (all, some);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bytes(Vector256<ulong> bits)
    {
        Vector256<ulong> twos = Vector256.Create(0x5555_5555_5555_5555UL), fours = Vector256.Create(0x3333_3333_3333_3333UL);
        bits -= (bits >>> 1) & twos;
        bits = (bits & fours) + ((bits >>> 2) & fours);
        return ((bits + (bits >>> 4)) & Vector256.Create(0x0f0f_0f0f_0f0f_0f0fUL)).AsByte();
    }

    /// <summary>The sum of 32 bytes.</summary>
    private static long Sum(Vector256<byte> bytes)
    {
        Vector256<ushort> pairs = (bytes.AsUInt16() & Vector256.Create((ushort)0xff)) + (bytes.AsUInt16() >>> 8);
        return Vector256.Sum(pairs);
    }
}
