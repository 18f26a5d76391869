using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Engine.Cpu.Bits;

/// <summary>
/// 512-bit registers, by carry-save adders (Harley and Seal; Muła, Kurz and Lemire 2018): sixteen registers become one that
/// counts sixteens, with two three-way logic instructions per register. .NET does not expose VPOPCNTDQ, which would take
/// two instructions too.
/// </summary>
internal readonly struct BitLanes512 : IBitLanes
{
    private const int Step = 8, Group = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe long And(ulong* a, ulong* b, ulong* to, int words)
    {
        for (int i = 0; i < words; i += Step)
        {
            (Vector512.Load(a + i) & Vector512.Load(b + i)).Store(to + i);
        }

        return Count(to, to, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe long Count(ulong* a, ulong* b, int words)
    {
        Adder adder = default;
        int i = 0;
        for (; i + (Group * Step) <= words; i += Group * Step)
        {
            Vector512<ulong> eights = adder.Eight(
                At(a, b, i), At(a, b, i + 8), At(a, b, i + 16), At(a, b, i + 24), At(a, b, i + 32), At(a, b, i + 40), At(a, b, i + 48), At(a, b, i + 56));
            Vector512<ulong> others = adder.Eight(
                At(a, b, i + 64), At(a, b, i + 72), At(a, b, i + 80), At(a, b, i + 88), At(a, b, i + 96), At(a, b, i + 104), At(a, b, i + 112), At(a, b, i + 120));
            adder.Sixteen(eights, others);
        }

        long count = adder.Total();
        for (; i < words; i++)
        {
            count += BitOperations.PopCount(a[i] & b[i]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe (long All, long Plane) Count(ulong* a, ulong* b, ulong* plane, int words)
    {
        Adder all = default, some = default;
        int i = 0;
        for (; i + (Group * Step) <= words; i += Group * Step)
        {
            Vector512<ulong> v0 = At(a, b, i), v1 = At(a, b, i + 8), v2 = At(a, b, i + 16), v3 = At(a, b, i + 24);
            Vector512<ulong> v4 = At(a, b, i + 32), v5 = At(a, b, i + 40), v6 = At(a, b, i + 48), v7 = At(a, b, i + 56);
            Vector512<ulong> eights = all.Eight(v0, v1, v2, v3, v4, v5, v6, v7);
            Vector512<ulong> planeEights = some.Eight(
                In(v0, plane, i), In(v1, plane, i + 8), In(v2, plane, i + 16), In(v3, plane, i + 24), In(v4, plane, i + 32), In(v5, plane, i + 40), In(v6, plane, i + 48), In(v7, plane, i + 56));
            v0 = At(a, b, i + 64);
            v1 = At(a, b, i + 72);
            v2 = At(a, b, i + 80);
            v3 = At(a, b, i + 88);
            v4 = At(a, b, i + 96);
            v5 = At(a, b, i + 104);
            v6 = At(a, b, i + 112);
            v7 = At(a, b, i + 120);
            all.Sixteen(eights, all.Eight(v0, v1, v2, v3, v4, v5, v6, v7));
            some.Sixteen(planeEights, some.Eight(
                In(v0, plane, i + 64), In(v1, plane, i + 72), In(v2, plane, i + 80), In(v3, plane, i + 88), In(v4, plane, i + 96), In(v5, plane, i + 104), In(v6, plane, i + 112), In(v7, plane, i + 120)));
        }

        long allCount = all.Total(), someCount = some.Total();
        for (; i < words; i++)
        {
            ulong both = a[i] & b[i];
            allCount += BitOperations.PopCount(both);
            someCount += BitOperations.PopCount(both & plane[i]);
        }

        return (allCount, someCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<ulong> At(ulong* a, ulong* b, int i) => Vector512.Load(a + i) & Vector512.Load(b + i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<ulong> In(Vector512<ulong> bits, ulong* plane, int i) => bits & Vector512.Load(plane + i);

    /// <summary>Running sums by place value: bit j of <c>fours</c> stands for four bits at place j.</summary>
    private struct Adder
    {
        private Vector512<ulong> ones, twos, fours, eights, sixteens;

        /// <summary>Adds eight registers; returns the carry of weight eight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ulong> Eight(
            Vector512<ulong> v0, Vector512<ulong> v1, Vector512<ulong> v2, Vector512<ulong> v3, Vector512<ulong> v4, Vector512<ulong> v5, Vector512<ulong> v6, Vector512<ulong> v7)
        {
            Vector512<ulong> twosA = Carry(ref ones, v0, v1), twosB = Carry(ref ones, v2, v3);
            Vector512<ulong> foursA = Carry(ref twos, twosA, twosB);
            twosA = Carry(ref ones, v4, v5);
            twosB = Carry(ref ones, v6, v7);
            Vector512<ulong> foursB = Carry(ref twos, twosA, twosB);
            return Carry(ref fours, foursA, foursB);
        }

        /// <summary>Adds two carries of weight eight, and what they carry to the count.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Sixteen(Vector512<ulong> a, Vector512<ulong> b) => sixteens += PopCount(Carry(ref eights, a, b));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly long Total() => (long)Vector512.Sum(
            (sixteens << 4) + (PopCount(eights) << 3) + (PopCount(fours) << 2) + (PopCount(twos) << 1) + PopCount(ones));

        /// <summary>sum = sum ⊕ a ⊕ b; returns where at least two of the three were set.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<ulong> Carry(ref Vector512<ulong> sum, Vector512<ulong> a, Vector512<ulong> b)
        {
            Vector512<ulong> before = sum;
            if (Avx512F.IsSupported)
            {
                sum = Avx512F.TernaryLogic(before, a, b, 0x96);
                return Avx512F.TernaryLogic(before, a, b, 0xe8);
            }

            Vector512<ulong> odd = a ^ b;
            sum = before ^ odd;
            return (a & b) | (before & odd);
        }

        /// <summary>Bits of each 64-bit lane.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<ulong> PopCount(Vector512<ulong> bits)
        {
            Vector512<ulong> twos = Vector512.Create(0x5555_5555_5555_5555UL), fours = Vector512.Create(0x3333_3333_3333_3333UL);
            bits -= (bits >>> 1) & twos;
            bits = (bits & fours) + ((bits >>> 2) & fours);
            bits = (bits + (bits >>> 4)) & Vector512.Create(0x0f0f_0f0f_0f0f_0f0fUL);
            if (Avx512BW.IsSupported)
            {
                return Avx512BW.SumAbsoluteDifferences(bits.AsByte(), Vector512<byte>.Zero).AsUInt64();
            }

            bits += bits >>> 8;
            bits += bits >>> 16;
            return (bits + (bits >>> 32)) & Vector512.Create(0x7fUL);
        }
    }
}
