using System.Numerics;
using System.Runtime.CompilerServices;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Bits;

/// <summary>
/// Sets of a dataset's rows, filled by threads that each have some rows: a row's bit is at its number, so the content does
/// not depend on which thread had it. Rows ÷ 8 bytes a set, rounded up to 4 kB.
/// </summary>
internal sealed unsafe class BitMatrix : IDisposable
{
    private readonly AlignedMemory memory = new();

    /// <param name="rows">Rows of the dataset.</param>
    /// <param name="sets">Sets, all empty.</param>
    public BitMatrix(long rows, int sets)
    {
        const long BlockRows = BitBlocks.MostWords * 64L;
        Rows = rows;
        long blocks = (rows + BlockRows - 1) / BlockRows;
        int words = blocks == 1 ? (int)((rows + 511) / 512 * 8) : BitBlocks.MostWords;
        memory.Reserve(checked((nuint)blocks * (nuint)sets * (nuint)words * sizeof(ulong)));
        All = new BitBlocks(memory.Pointer, blocks, sets, words);
    }

    public long Rows { get; }

    public BitBlocks All { get; }

    /// <summary>Puts rows into the sets that their codes stand for.</summary>
    /// <param name="firstRow">Number of the first row.</param>
    /// <param name="counted">Per row whether it may be in a set.</param>
    /// <param name="codes">Per row a code.</param>
    /// <param name="setOf">Per code its set, −1 for none; codes beyond have none.</param>
    public void Add(long firstRow, ReadOnlySpan<bool> counted, CodeColumn codes, int[] setOf)
    {
        switch (codes.Width)
        {
            case 1:
                Add<byte>(firstRow, counted, codes.Bytes, setOf);
                break;
            case 2:
                Add<ushort>(firstRow, counted, codes.Shorts, setOf);
                break;
            default:
                Add<int>(firstRow, counted, codes.Ints, setOf);
                break;
        }
    }

    /// <summary>Puts one row into a set. Any thread.</summary>
    public void Add(long row, int set) => Interlocked.Or(ref *Word(row, set), 1UL << (int)(row & 63));

    public bool Has(long row, int set) => (*Word(row, set) >> (int)(row & 63) & 1) != 0;

    /// <summary>A set's bits of a block of rows, to be filled whole.</summary>
    public Span<byte> Words(long block, int set) => new(All.Set(block, set), All.Words * sizeof(ulong));

    public void Dispose() => memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add<T>(long firstRow, ReadOnlySpan<bool> counted, ReadOnlySpan<T> codes, int[] setOf)
        where T : unmanaged, IBinaryInteger<T>
    {
        // The first and the last word may hold rows of other threads.
        int rows = counted.Length, head = (int)Math.Min(rows, -firstRow & 63), tail = Math.Max(head, rows - (int)((firstRow + rows) & 63));
        for (int i = 0; i < rows; i++)
        {
            int code = int.CreateTruncating(codes[i]);
            int set = counted[i] && code < setOf.Length ? setOf[code] : -1;
            if (set < 0)
            {
                continue;
            }

            ulong* word = Word(firstRow + i, set);
            ulong bit = 1UL << (int)((firstRow + i) & 63);
            if (i < head || i >= tail)
            {
                Interlocked.Or(ref *word, bit);
            }
            else
            {
                *word |= bit;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Word(long row, int set)
    {
        long word = row >> 6, block = word / All.Words;
        return All.Set(block, set) + (word - (block * All.Words));
    }
}
