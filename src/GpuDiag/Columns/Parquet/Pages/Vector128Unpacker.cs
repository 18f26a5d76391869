using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Eight indices at a time by shifts within a word, tables of up to 64 entries by 128-bit shuffles. Any processor.</summary>
internal sealed unsafe class Vector128Unpacker : IndexUnpacker
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Map(byte* source, int bitWidth, byte* target, int count, byte* table)
    {
        ulong half = (1UL << (4 * bitWidth)) - 1;
        ulong pair = ((1UL << (2 * bitWidth)) - 1) * 0x0000_0001_0000_0001UL;
        ulong one = ((1UL << bitWidth) - 1) * 0x0001_0001_0001_0001UL;
        Vector128<byte> t0 = Vector128.Load(table);
        Vector128<byte> t1 = Vector128.Load(table + 16);
        Vector128<byte> t2 = Vector128.Load(table + 32);
        Vector128<byte> t3 = Vector128.Load(table + 48);
        Vector128<byte> largest = default;
        bool small = bitWidth <= 6;
        for (int i = 0; i < count; i += 16, source += 2 * bitWidth)
        {
            Vector128<byte> index = Vector128.Create(Spread(source, bitWidth, half, pair, one), Spread(source + bitWidth, bitWidth, half, pair, one)).AsByte();
            if (count - i < 16)
            {
                index = Vector128.ConditionalSelect(Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)(count - i))), index, default);
            }

            largest = Vector128.Max(largest, index);
            if (small)
            {
                // A shuffle gives 0 for an index outside its own sixteen.
                Vector128<byte> sixteen = Vector128.Create((byte)16);
                Vector128<byte> value = Vector128.Shuffle(t0, index);
                Vector128<byte> at = index - sixteen;
                value |= Vector128.Shuffle(t1, at);
                at -= sixteen;
                value |= Vector128.Shuffle(t2, at);
                value |= Vector128.Shuffle(t3, at - sixteen);
                value.Store(target + i);
            }
            else
            {
                index.Store(target + i);
                TableLookup.InPlace(target + i, Math.Min(16, count - i), table);
            }
        }

        return TableLookup.Largest(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Expand(byte* dense, ulong* present, int rows, byte* target) =>
        NullSpread.Bytes(dense, present, rows, target);

    /// <summary>Eight packed indices to eight bytes: halves apart, then quarters, then single ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(byte* source, int bitWidth, ulong half, ulong pair, ulong one)
    {
        ulong bits = Unsafe.ReadUnaligned<ulong>(source);
        bits = (bits & half) | (((bits >> (4 * bitWidth)) & half) << 32);
        bits = (bits & pair) | (((bits >> (2 * bitWidth)) & pair) << 16);
        return (bits & one) | (((bits >> bitWidth) & one) << 8);
    }
}

/// <summary>Byte tables where shuffles do not reach.</summary>
internal static unsafe class TableLookup
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InPlace(byte* values, int count, byte* table)
    {
        for (int i = 0; i < count; i++)
        {
            values[i] = table[values[i]];
        }
    }

    public static int Largest(Vector128<byte> values)
    {
        byte largest = 0;
        for (int i = 0; i < Vector128<byte>.Count; i++)
        {
            largest = Math.Max(largest, values[i]);
        }

        return largest;
    }
}
