using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Eight indices per bit deposit (BMI2), 32 per vector, tables of up to 64 entries by AVX2 shuffles.
/// Two processors of 2017 and 2019 (Zen 1, Zen 2) deposit in microcode, slowly: they are still right.
/// </summary>
internal sealed unsafe class Vector256Unpacker : IndexUnpacker
{
    public static bool IsSupported => Avx2.IsSupported && Bmi2.X64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Map(byte* source, int bitWidth, byte* target, int count, byte* table)
    {
        ulong mask = ((1UL << bitWidth) - 1) * 0x0101_0101_0101_0101UL;
        Vector256<byte> t0 = Avx2.BroadcastVector128ToVector256(table);
        Vector256<byte> t1 = Avx2.BroadcastVector128ToVector256(table + 16);
        Vector256<byte> t2 = Avx2.BroadcastVector128ToVector256(table + 32);
        Vector256<byte> t3 = Avx2.BroadcastVector128ToVector256(table + 48);
        Vector256<byte> sixteen = Vector256.Create((byte)16);
        Vector256<byte> high = Vector256.Create((byte)0x70);
        Vector256<byte> largest = default;
        bool small = bitWidth <= 6;
        for (int i = 0; i < count; i += 32, source += 4 * bitWidth)
        {
            Vector256<byte> index = Vector256.Create(
                Bmi2.X64.ParallelBitDeposit(Unsafe.ReadUnaligned<ulong>(source), mask),
                Bmi2.X64.ParallelBitDeposit(Unsafe.ReadUnaligned<ulong>(source + bitWidth), mask),
                Bmi2.X64.ParallelBitDeposit(Unsafe.ReadUnaligned<ulong>(source + 2 * bitWidth), mask),
                Bmi2.X64.ParallelBitDeposit(Unsafe.ReadUnaligned<ulong>(source + 3 * bitWidth), mask)).AsByte();
            if (count - i < 32)
            {
                index = Vector256.ConditionalSelect(Vector256.LessThan(Vector256<byte>.Indices, Vector256.Create((byte)(count - i))), index, default);
            }

            largest = Vector256.Max(largest, index);
            if (small)
            {
                // The shuffle takes four bits and gives 0 where the top bit is set: adding 0x70 with saturation sets
                // it for every index outside the table's own sixteen.
                Vector256<byte> value = Avx2.Shuffle(t0, Avx2.AddSaturate(index, high));
                Vector256<byte> at = index - sixteen;
                value |= Avx2.Shuffle(t1, Avx2.AddSaturate(at, high));
                at -= sixteen;
                value |= Avx2.Shuffle(t2, Avx2.AddSaturate(at, high));
                at -= sixteen;
                value |= Avx2.Shuffle(t3, Avx2.AddSaturate(at, high));
                value.Store(target + i);
            }
            else
            {
                index.Store(target + i);
                TableLookup.InPlace(target + i, Math.Min(32, count - i), table);
            }
        }

        return TableLookup.Largest(Vector128.Max(largest.GetLower(), largest.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Expand(byte* dense, ulong* present, int rows, byte* target) =>
        NullSpread.Bytes(dense, present, rows, target);
}
