using System.Runtime.CompilerServices;

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

        for (int i = 0; i < count; i++)
        {
            codes[i] = PlainCode();
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
        if (Coded)
        {
            ReadIndices((uint*)values, present);
            for (int i = 0; i < present; i++)
            {
                values[i] = Kind == ValueKind.Boolean ? BooleanCode(values[i]) : codes[values[i]];
                limit = Math.Max(limit, values[i] + 1);
            }
        }
        else
        {
            for (int i = 0; i < present; i++)
            {
                values[i] = PlainCode();
                limit = Math.Max(limit, values[i] + 1);
            }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(CodeColumn column, int offset, int rows, int* values)
    {
        switch (column.Width)
        {
            case 1:
                byte* bytes = (byte*)column.Pointer + offset;
                for (int i = 0; i < rows; i++)
                {
                    bytes[i] = (byte)values[i];
                }

                break;
            case 2:
                ushort* shorts = (ushort*)column.Pointer + offset;
                for (int i = 0; i < rows; i++)
                {
                    shorts[i] = (ushort)values[i];
                }

                break;
            default:
                new Span<int>(values, rows).CopyTo(column.Ints[offset..]);
                break;
        }
    }

    private int PlainCode() => Kind == ValueKind.Bytes ? texts.Code(Plain.TakeText()) : integers.Code(Plain.TakeInteger(Kind));

    /// <summary>Booleans have no stored dictionary: each gets its code when it first occurs, so that none is invented.</summary>
    private int BooleanCode(int value)
    {
        int code = booleans[value];
        return code != 0 ? code : booleans[value] = domain.Code(value != 0);
    }

}
