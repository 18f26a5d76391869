using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Which rows of a stretch have a value: definition levels of a flat column as a bitmap. Reusable.</summary>
internal sealed unsafe class Presence : IDisposable
{
    private readonly AlignedMemory memory = new();
    private HybridRuns runs;
    private bool levels;

    /// <summary>Bit i is set where row i has a value. Meaningless where all have.</summary>
    public ulong* Bits => (ulong*)memory.Pointer;

    /// <summary>Starts on a page; without levels, every row has a value.</summary>
    public void Start(PageBytes bytes, bool nullable)
    {
        levels = nullable;
        runs.Start(bytes, 1);
    }

    /// <summary>Reads the next rows' levels; returns how many of them have a value.</summary>
    /// <exception cref="InvalidDataException">The page has fewer levels.</exception>
    public int Read(int rows)
    {
        if (!levels)
        {
            return rows;
        }

        runs.Ensure();
        if (!runs.IsPacked && runs.Left >= rows)
        {
            return Uniform(rows);
        }

        int words = ((rows + 63) >> 6) + 1;
        memory.Reserve((nuint)words * sizeof(ulong));
        memory.Span<ulong>(words).Clear();
        for (int done = 0; done < rows;)
        {
            runs.Ensure();
            int take = Math.Min(runs.Left, rows - done);
            if (runs.IsPacked)
            {
                Copy(runs.Packed, runs.Skip, done, take);
            }
            else if (Level() != 0)
            {
                Fill(done, take);
            }

            runs.Use(take);
            done += take;
        }

        return Count(words);
    }

    public void Dispose() => memory.Dispose();

    private int Uniform(int rows)
    {
        bool present = Level() != 0;
        runs.Use(rows);
        if (!present)
        {
            int words = (rows + 63) >> 6;
            memory.Reserve((nuint)words * sizeof(ulong));
            memory.Span<ulong>(words).Clear();
        }

        return present ? rows : 0;
    }

    private uint Level() => runs.Value <= 1
        ? runs.Value
        : throw new InvalidDataException($"definition level {runs.Value} where 1 is the most");

    private int Count(int words)
    {
        int count = 0;
        foreach (ulong word in memory.Span<ulong>(words))
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private void Fill(int from, int count)
    {
        ulong* bits = Bits;
        for (int at = from, end = from + count; at < end;)
        {
            int take = Math.Min(64 - (at & 63), end - at);
            ulong ones = take == 64 ? ulong.MaxValue : ((1UL << take) - 1) << (at & 63);
            bits[at >> 6] |= ones;
            at += take;
        }
    }

    /// <summary>Copies bits, 32 at a time so that any shift fits a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Copy(byte* source, int skip, int to, int count)
    {
        ulong* bits = Bits;
        for (int done = 0; done < count; done += 32)
        {
            int take = Math.Min(32, count - done);
            int from = skip + done;
            ulong word = (Unsafe.ReadUnaligned<ulong>(source + (from >> 3)) >> (from & 7)) & ((1UL << take) - 1);
            int at = to + done;
            bits[at >> 6] |= word << (at & 63);
            if ((at & 63) > 32)
            {
                bits[(at >> 6) + 1] |= word >> (64 - (at & 63));
            }
        }
    }
}
