using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// The values of a column chunk, page by page, in one form of a batch. Pages are either coded (indices into the
/// chunk's dictionary; booleans are coded by nature) or plain; a chunk may hold both, coded first.
/// </summary>
internal abstract unsafe class PageValues(ValueKind kind) : IDisposable
{
    /// <summary>Rows handled at a time where vectors do not reach: scratch stays on the stack. A multiple of 64.</summary>
    protected const int Block = 1024;

    private HybridRuns indices;
    private PlainValues plain;

    protected ValueKind Kind { get; } = kind;

    protected bool Coded { get; private set; }

    /// <summary>Entries of the dictionary; −1 without one.</summary>
    protected int DictionaryCount { get; private set; } = -1;

    protected ref HybridRuns Indices => ref indices;

    protected ref PlainValues Plain => ref plain;

    public void StartChunk() => DictionaryCount = Kind == ValueKind.Boolean ? 2 : -1;

    public void LoadDictionary(PageBytes bytes, int count)
    {
        if (DictionaryCount >= 0)
        {
            throw new InvalidDataException("a column chunk with a dictionary it must not have");
        }

        // Every entry takes four bytes at least, so a declared count cannot outgrow the page.
        if (count > bytes.Length / 4)
        {
            throw new InvalidDataException($"a dictionary of {count} entries in {bytes.Length} bytes");
        }

        plain.Start(bytes);
        LoadEntries(count);
        DictionaryCount = count;
    }

    public void StartPage(PageBytes bytes, PageEncoding encoding)
    {
        Coded = true;
        switch (encoding)
        {
            case PageEncoding.Plain when Kind == ValueKind.Boolean:
                indices.StartPacked(bytes);
                break;
            case PageEncoding.Plain:
                plain.Start(bytes);
                Coded = false;
                break;
            case PageEncoding.Rle when Kind == ValueKind.Boolean:
                indices.Start(bytes.Length == 0 ? bytes : bytes.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(0, 4).Span)), 1);
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary when DictionaryCount >= 0 && Kind != ValueKind.Boolean:
                indices.Start(bytes.Length == 0 ? bytes : bytes.From(1), bytes.Length == 0 ? 0 : *bytes.Pointer);
                break;
            default:
                throw new InvalidDataException($"a page in encoding {(int)encoding}, which the column does not announce");
        }
    }

    /// <summary>Called before a batch's first row, once the chunk's dictionary is known.</summary>
    public abstract void Begin(Column target);

    /// <summary>Reads rows of the page into the batch, of which <paramref name="present"/> have a value.</summary>
    public abstract void Read(Column target, int offset, int rows, int present, Presence presence);

    /// <summary>Passes over values of the page.</summary>
    public void Skip(int present)
    {
        if (Coded)
        {
            for (int take; present > 0; present -= take)
            {
                indices.Ensure();
                take = Math.Min(indices.Left, present);
                indices.Use(take);
            }
        }
        else if (Kind == ValueKind.Bytes)
        {
            for (; present > 0; present--)
            {
                plain.TakeText(out _);
            }
        }
        else
        {
            plain.Take(present, Kind is ValueKind.Int32 or ValueKind.UInt32 or ValueKind.Float ? sizeof(int) : sizeof(long));
        }
    }

    public abstract void Dispose();

    protected abstract void LoadEntries(int count);

    /// <summary>Unpacks the next indices, each checked against the dictionary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected void ReadIndices(uint* target, int count)
    {
        uint largest = 0;
        for (int done = 0; done < count;)
        {
            indices.Ensure();
            int take = Math.Min(indices.Left, count - done);
            if (indices.IsPacked)
            {
                byte* source = indices.Packed;
                int width = indices.BitWidth;
                ulong mask = (1UL << width) - 1;
                long bit = (long)indices.Skip * width;
                for (int i = 0; i < take; i++, bit += width)
                {
                    uint index = (uint)((Unsafe.ReadUnaligned<ulong>(source + (bit >> 3)) >> (int)(bit & 7)) & mask);
                    largest = Math.Max(largest, index);
                    target[done + i] = index;
                }
            }
            else
            {
                largest = Math.Max(largest, indices.Value);
                new Span<uint>(target + done, take).Fill(indices.Value);
            }

            indices.Use(take);
            done += take;
        }

        if (count > 0)
        {
            CheckIndex(largest);
        }
    }

    protected void CheckIndex(uint largest)
    {
        if (largest >= (uint)DictionaryCount)
        {
            throw new InvalidDataException($"index {largest} into a dictionary of {DictionaryCount}");
        }
    }

    /// <summary>How many of a block's rows have a value.</summary>
    protected static int PresentIn(Presence presence, int from, int rows)
    {
        int present = 0;
        ulong* bits = presence.Bits + (from >> 6);
        for (int i = 0; i < rows; i += 64)
        {
            ulong word = bits[i >> 6];
            present += BitOperations.PopCount(rows - i < 64 ? word & ((1UL << (rows - i)) - 1) : word);
        }

        return present;
    }
}
