using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// 64 indices per byte permute and multishift (AVX-512 VBMI), tables of 64, 128 and 256 entries by one, two or four
/// permutes; nulls spread by byte expansion (VBMI2).
/// </summary>
internal sealed unsafe class Vector512Unpacker : IndexUnpacker
{
    public static bool IsSupported => Avx512Vbmi2.IsSupported && Avx512Vbmi.IsSupported && Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Map(byte* source, int bitWidth, byte* target, int count, byte* table)
    {
        // Lane L of eight bytes holds indices 8L … 8L+7, which start at byte L·bitWidth; the multishift then takes
        // eight bits from each multiple of the width.
        Vector512<byte> eighths = Vector512<byte>.Indices & Vector512.Create((byte)7);
        Vector512<byte> lanes = Vector512.ShiftRightLogical(Vector512<byte>.Indices, 3);
        Vector512<byte> width = Vector512.Create((byte)bitWidth);
        Vector512<byte> gather = (lanes * width) + eighths;
        Vector512<byte> shifts = eighths * width;
        Vector512<byte> mask = Vector512.Create((byte)((1 << bitWidth) - 1));
        Vector512<byte> t0 = Vector512.Load(table);
        Vector512<byte> t1 = Vector512.Load(table + 64);
        Vector512<byte> t2 = Vector512.Load(table + 128);
        Vector512<byte> t3 = Vector512.Load(table + 192);
        Vector512<byte> largest = default;
        int i = 0;
        if (bitWidth <= 6)
        {
            for (; i + 64 <= count; i += 64, source += 8 * bitWidth)
            {
                Vector512<byte> index = Unpack(source, gather, shifts, mask);
                largest = Vector512.Max(largest, index);
                Avx512Vbmi.PermuteVar64x8(t0, index).Store(target + i);
            }
        }
        else
        {
            for (; i + 64 <= count; i += 64, source += 8 * bitWidth)
            {
                Vector512<byte> index = Unpack(source, gather, shifts, mask);
                largest = Vector512.Max(largest, index);
                Lookup(index, t0, t1, t2, t3).Store(target + i);
            }
        }

        if (i < count)
        {
            Vector512<byte> used = Vector512.LessThan(Vector512<byte>.Indices, Vector512.Create((byte)(count - i)));
            Vector512<byte> index = Unpack(source, gather, shifts, mask) & used;
            largest = Vector512.Max(largest, index);
            Lookup(index, t0, t1, t2, t3).Store(target + i);
        }

        Vector256<byte> folded = Vector256.Max(largest.GetLower(), largest.GetUpper());
        return TableLookup.Largest(Vector128.Max(folded.GetLower(), folded.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Expand(byte* dense, ulong* present, int rows, byte* target)
    {
        Vector512<byte> spread = Vector512.ShiftRightLogical(Vector512<byte>.Indices, 3);
        Vector512<byte> bit = Vector512.Create(0x8040_2010_0804_0201UL).AsByte();
        for (int i = 0; i < rows; i += 64)
        {
            ulong bits = present[i >> 6];
            Vector512<byte> mask = Vector512.Equals(Avx512Vbmi.PermuteVar64x8(Vector512.Create(bits).AsByte(), spread) & bit, bit);
            Avx512Vbmi2.Expand(Vector512<byte>.Zero, mask, Vector512.Load(dense)).Store(target + i);
            dense += BitOperations.PopCount(bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Unpack(byte* source, Vector512<byte> gather, Vector512<byte> shifts, Vector512<byte> mask) =>
        Avx512Vbmi.MultiShift(shifts, Avx512Vbmi.PermuteVar64x8(Vector512.Load(source), gather).AsUInt64()) & mask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Lookup(
        Vector512<byte> index, Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2, Vector512<byte> t3)
    {
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, index, t1);
        Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(t2, index, t3);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(index, Vector512.Create((byte)127)), high, low);
    }
}
