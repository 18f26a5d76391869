using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>An id by its hash, and its row.</summary>
internal readonly record struct IdEntry(ulong High, ulong Low, long Row)
{
    public const int Bytes = 24;
}

/// <summary>How ids are read and told apart: whole numbers mixed one to one, any other by the hash of their text.</summary>
internal sealed class IdKeys(bool whole)
{
    /// <summary>A double holds every whole number below this.</summary>
    public const double Exact = 1L << 53;

    private bool tooLarge;

    /// <summary>Some number was beyond what numbers are read exactly to: read texts instead.</summary>
    public bool AreTooLarge => Volatile.Read(ref tooLarge);

    public ColumnRequest Request(Field id) => new(id.Name, whole ? ColumnForm.Numbers : ColumnForm.Text);

    /// <summary>The key of a row; false where it has no id.</summary>
    public bool TryKey(Column column, int row, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        if (whole)
        {
            double value = ((NumberColumn)column)[row];
            if (double.IsNaN(value))
            {
                return false;
            }

            if (Math.Abs(value) >= Exact)
            {
                Volatile.Write(ref tooLarge, true);
            }

            // A bijection (the finalizer of MurmurHash3), so no two numbers meet.
            ulong x = (ulong)(long)value;
            x = (x ^ (x >> 33)) * 0xff51_afd7_ed55_8ccd;
            x = (x ^ (x >> 33)) * 0xc4ce_b9fe_1a85_ec53;
            low = x ^ (x >> 33);
            return true;
        }

        if (((TextColumn)column).Values[row] is not { } text)
        {
            return false;
        }

        UInt128 hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));
        (high, low) = ((ulong)(hash >> 64), (ulong)hash);
        return true;
    }
}

/// <summary>The ids of one side, those of some of the buckets: the buckets' numbers are the lowest bits of the keys.</summary>
internal sealed class IdBuckets(IdKeys keys, int readings, int reading)
{
    public const int Count = 256;

    private const int Piece = 1 << 10;

    private readonly ConcurrentBag<ArraySegment<IdEntry>>[] buckets = [.. Enumerable.Range(0, Count).Select(_ => new ConcurrentBag<ArraySegment<IdEntry>>())];
    private long nulls;

    /// <summary>Rows without an id.</summary>
    public long Nulls => nulls;

    /// <summary>For one thread.</summary>
    public IBatchWorker Worker() => new Filler(this);

    /// <summary>A bucket's ids in no particular order; they are let go of here.</summary>
    public IdEntry[] Take(int bucket)
    {
        IdEntry[] all = new IdEntry[buckets[bucket].Sum(p => p.Count)];
        int filled = 0;
        foreach (ArraySegment<IdEntry> piece in buckets[bucket])
        {
            piece.CopyTo(all, filled);
            filled += piece.Count;
        }

        buckets[bucket].Clear();
        return all;
    }

    private sealed class Filler(IdBuckets shared) : IBatchWorker
    {
        private readonly IdEntry[]?[] pieces = new IdEntry[]?[Count];
        private readonly int[] filled = new int[Count];
        private long nulls;

        public void Accept(Batch batch)
        {
            for (int i = 0; i < batch.Rows; i++)
            {
                if (!shared.Key(batch.Columns[0], i, out ulong high, out ulong low))
                {
                    nulls++;
                    continue;
                }

                int bucket = (int)(low & (Count - 1));
                if (shared.IsOther(bucket))
                {
                    continue;
                }

                IdEntry[] piece = pieces[bucket] ??= new IdEntry[Piece];
                piece[filled[bucket]++] = new IdEntry(high, low, batch.FirstRow + i);
                if (filled[bucket] == Piece)
                {
                    shared.buckets[bucket].Add(piece);
                    (pieces[bucket], filled[bucket]) = (null, 0);
                }
            }
        }

        public void Finish()
        {
            for (int b = 0; b < Count; b++)
            {
                if (filled[b] > 0)
                {
                    shared.buckets[b].Add(new ArraySegment<IdEntry>(pieces[b]!, 0, filled[b]));
                }
            }

            Interlocked.Add(ref shared.nulls, nulls);
        }

        public void Dispose()
        {
        }
    }

    private bool Key(Column column, int row, out ulong high, out ulong low) => keys.TryKey(column, row, out high, out low);

    private bool IsOther(int bucket) => bucket % readings != reading;
}
