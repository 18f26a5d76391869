using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// Values as codes of a domain. Dictionary entries get their codes once per chunk; indices are then mapped without
/// looking at a value. Codes and dictionary of one byte each take the vector path, all else goes by blocks.
/// </summary>
internal sealed unsafe class CodeValues(ValueKind kind, IntegerCodes integers, TextCodes texts, IndexUnpacker unpacker) : PageValues(kind)
{
    private readonly AlignedMemory table = new();
    private readonly AlignedMemory dense = new();
    private readonly Domain domain = integers.Domain;
    private readonly ShortTexts shorts = new(texts);
    private readonly int[] booleans = new int[2];
    private int[] codes = new int[16];

    public override void Begin(Column target) => ((CodeColumn)target).SetLimit(domain.Count);

    public override void Read(Column target, int offset, int rows, int present, Presence presence)
    {
        CodeColumn column = (CodeColumn)target;
        if (Coded && Kind != ValueKind.Boolean && column.Width == 1 && Indices.BitWidth <= 8)
        {
            ReadBytes(column, offset, rows, present, presence);
            return;
        }

        for (int done = 0; done < rows; done += Block)
        {
            int take = Math.Min(Block, rows - done);
            ReadBlock(column, offset + done, take, present == rows ? take : PresentIn(presence, done, take), presence.Bits + (done >> 6));
        }
    }

    public override void Dispose()
    {
        table.Dispose();
        dense.Dispose();
    }

    protected override void LoadEntries(int count)
    {
        if (codes.Length < count)
        {
            codes = new int[Math.Max(count, codes.Length * 2)];
        }

        fixed (int* target = codes)
        {
            ReadPlain(target, count);
        }

        table.Reserve(256);
        Span<byte> bytes = table.Span<byte>(256);
        bytes.Clear();
        for (int i = 0; i < Math.Min(count, 256); i++)
        {
            bytes[i] = (byte)codes[i];
        }
    }

    /// <summary>
    /// The batch's width of one byte was chosen after the dictionary got its codes: they all fit a byte.
    /// </summary>
    private void ReadBytes(CodeColumn column, int offset, int rows, int present, Presence presence)
    {
        byte* target = (byte*)column.Pointer + offset;
        if (present == rows)
        {
            MapBytes(target, rows);
            return;
        }

        dense.Reserve((nuint)present);
        MapBytes((byte*)dense.Pointer, present);
        unpacker.Expand((byte*)dense.Pointer, presence.Bits, rows, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MapBytes(byte* target, int count)
    {
        byte* map = (byte*)table.Pointer;
        ref HybridRuns runs = ref Indices;
        uint largest = 0;
        for (int done = 0; done < count;)
        {
            runs.Ensure();
            int take = Math.Min(runs.Left, count - done);
            if (!runs.IsPacked)
            {
                largest = Math.Max(largest, runs.Value);
                new Span<byte>(target + done, take).Fill(map[(byte)runs.Value]);
            }
            else if (runs.Skip != 0)
            {
                take = Math.Min(take, 8 - runs.Skip);
                largest = Math.Max(largest, MapSplitGroup(runs, target + done, take, map));
            }
            else
            {
                largest = Math.Max(largest, (uint)unpacker.Map(runs.Packed, runs.BitWidth, target + done, take, map));
            }

            runs.Use(take);
            done += take;
        }

        if (count > 0)
        {
            CheckIndex(largest);
        }
    }

    /// <summary>The rest of a group of eight that an earlier read stopped in.</summary>
    private static uint MapSplitGroup(in HybridRuns runs, byte* target, int count, byte* map)
    {
        uint largest = 0;
        ulong bits = Unsafe.ReadUnaligned<ulong>(runs.Packed) >> (runs.Skip * runs.BitWidth);
        uint mask = (1u << runs.BitWidth) - 1;
        for (int i = 0; i < count; i++, bits >>= runs.BitWidth)
        {
            uint index = (uint)bits & mask;
            largest = Math.Max(largest, index);
            target[i] = map[index];
        }

        return largest;
    }

    private void ReadBlock(CodeColumn column, int offset, int rows, int present, ulong* bits)
    {
        int* values = stackalloc int[Block + 1];
        int* spread = stackalloc int[Block];
        int limit = column.Limit;
        if (Coded && Kind != ValueKind.Boolean)
        {
            // The batch's width was chosen after the dictionary got its codes: none can exceed it.
            ReadIndices((uint*)values, present);
            Map(values, present);
        }
        else
        {
            limit = Math.Max(limit, ReadNew(values, present));
        }

        if (present < rows)
        {
            NullSpread.Ints(values, bits, rows, spread);
            values = spread;
        }

        if (limit > column.Limit)
        {
            column.Widen(Math.Max(limit, domain.Count), offset);
        }

        Store(column, offset, rows, values);
    }

    /// <summary>Values whose codes may be new to the domain; returns a limit that they are below.</summary>
    private int ReadNew(int* values, int count)
    {
        if (Coded)
        {
            ReadIndices((uint*)values, count);
        }

        else
        {
            ReadPlain(values, count);
        }

        int largest = 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = Coded ? BooleanCode(values[i]) : values[i];
            largest = Math.Max(largest, values[i]);
        }

        return largest + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadPlain(int* target, int count)
    {
        switch (Kind)
        {
            case ValueKind.Bytes:
                for (int i = 0; i < count; i++)
                {
                    byte* text = Plain.TakeText(out int length);
                    target[i] = shorts.Code(text, length);
                }

                break;
            case ValueKind.Int32:
                int* ints = (int*)Plain.Take(count, sizeof(int));
                for (int i = 0; i < count; i++)
                {
                    target[i] = integers.Code(ints[i]);
                }

                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    target[i] = integers.Code(Plain.TakeInteger(Kind));
                }

                break;
        }
    }

    /// <summary>Indices, already checked, to codes in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Map(int* values, int count)
    {
        fixed (int* table = codes)
        {
            int i = 0;
            if (Avx2.IsSupported)
            {
                for (; i + 8 <= count; i += 8)
                {
                    Avx2.GatherVector256(table, Vector256.Load(values + i), sizeof(int)).Store(values + i);
                }
            }

            for (; i < count; i++)
            {
                values[i] = table[values[i]];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(CodeColumn column, int offset, int rows, int* values)
    {
        int i = 0;
        switch (column.Width)
        {
            case 1:
                byte* bytes = (byte*)column.Pointer + offset;
                for (; i + 16 <= rows; i += 16)
                {
                    Vector128<ushort> low = Vector128.Narrow(Vector128.Load(values + i).AsUInt32(), Vector128.Load(values + i + 4).AsUInt32());
                    Vector128<ushort> high = Vector128.Narrow(Vector128.Load(values + i + 8).AsUInt32(), Vector128.Load(values + i + 12).AsUInt32());
                    Vector128.Narrow(low, high).Store(bytes + i);
                }

                for (; i < rows; i++)
                {
                    bytes[i] = (byte)values[i];
                }

                break;
            case 2:
                ushort* pairs = (ushort*)column.Pointer + offset;
                for (; i + 8 <= rows; i += 8)
                {
                    Vector128.Narrow(Vector128.Load(values + i).AsUInt32(), Vector128.Load(values + i + 4).AsUInt32()).Store(pairs + i);
                }

                for (; i < rows; i++)
                {
                    pairs[i] = (ushort)values[i];
                }

                break;
            default:
                new Span<int>(values, rows).CopyTo(column.Ints[offset..]);
                break;
        }
    }

    /// <summary>Booleans have no stored dictionary: each gets its code when it first occurs, so that none is invented.</summary>
    private int BooleanCode(int value)
    {
        int code = booleans[value];
        return code != 0 ? code : booleans[value] = domain.Code(value != 0);
    }

}
