using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Matches the rows of two datasets by ids that are whole numbers close together, as row numbers are: each id has a place of its own, 8 bytes for either
/// side, so nothing is hashed. What matches is the same as by hash.
/// </summary>
internal sealed unsafe class DenseIdJoin : IDisposable
{
    /// <summary>Places for ids that do not occur, per row of both sides.</summary>
    private const int MostPlacesPerRow = 2;

    private const int RowBytes = 64;

    /// <summary>Ids matched by a thread at a time.</summary>
    private const long Share = 1 << 16;

    private readonly AlignedMemory before = new();
    private readonly AlignedMemory after = new();
    private readonly long first;
    private readonly long places;

    private DenseIdJoin(long first, long places)
    {
        (this.first, this.places) = (first, places);
        before.Reserve((nuint)places * sizeof(long));
        after.Reserve((nuint)places * sizeof(long));
    }

    /// <summary>Fills the map; null, with the map as it was, where ids are too far apart, too many for the memory, or too large.</summary>
    /// <param name="readers">Reads BEFORE, and AFTER.</param>
    /// <param name="ids">The columns there.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="memory">Bytes for ids.</param>
    /// <param name="map">Still empty.</param>
    /// <param name="threads">That match.</param>
    /// <param name="progress">Receives the rows done of a reading.</param>
    public static JoinResult? Run((Pipeline Before, Pipeline After) readers, (Field Before, Field After) ids, (long Before, long After) rows, long memory, JoinMap map, int threads, Action<long>? progress)
    {
        Range range = new();
        readers.Before.Run([new ColumnRequest(ids.Before.Name, ColumnForm.Numbers)], () => new Looker(range), RowBytes, progress);
        readers.After.Run([new ColumnRequest(ids.After.Name, ColumnForm.Numbers)], () => new Looker(range), RowBytes, progress);
        if (range.Least > range.Most)
        {
            return null;
        }

        double places = range.Most - range.Least + 1;
        if (!(Math.Max(Math.Abs(range.Least), range.Most) < IdKeys.Exact) || places > MostPlacesPerRow * (double)(rows.Before + rows.After) || places * 2 * sizeof(long) > memory)
        {
            return null;
        }

        using DenseIdJoin join = new((long)range.Least, (long)places);
        JoinTally tally = new();
        readers.Before.Run([new ColumnRequest(ids.Before.Name, ColumnForm.Numbers)], () => new Filler(join, (long*)join.before.Pointer, nulls => Interlocked.Add(ref tally.NullBefore, nulls)), RowBytes, progress);
        readers.After.Run([new ColumnRequest(ids.After.Name, ColumnForm.Numbers)], () => new Filler(join, (long*)join.after.Pointer, nulls => Interlocked.Add(ref tally.NullAfter, nulls)), RowBytes, progress);
        join.Match(map, tally, threads);
        return tally.Result(rows.Before, rows.After);
    }

    public void Dispose()
    {
        before.Dispose();
        after.Dispose();
    }

    private void Match(JoinMap map, JoinTally total, int threads)
    {
        long shares = (places + Share - 1) / Share;
        Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new JoinTally(), (share, _, part) =>
        {
            long* left = (long*)before.Pointer, right = (long*)after.Pointer;
            for (long id = share * Share; id < Math.Min(places, (share + 1) * Share); id++)
            {
                (long b, long a) = (left[id], right[id]);
                if (b > 0 && a > 0)
                {
                    map.Match(a - 1, b - 1);
                    part.Matched++;
                }
                else if (b < 0 || a < 0)
                {
                    part.RepeatedBefore += Occurrences(b);
                    part.RepeatedAfter += Occurrences(a);
                }
                else
                {
                    part.OnlyBefore += Occurrences(b);
                    part.OnlyAfter += Occurrences(a);
                }
            }

            return part;
        }, total.Add);
    }

    /// <summary>Of a place: a row counted from 1, or less than 0 the number of rows; 0 for none.</summary>
    private static long Occurrences(long place) => place < 0 ? -place : Math.Min(place, 1);

    /// <summary>What ids lie between.</summary>
    private sealed class Range
    {
        public double Least { get; private set; } = double.PositiveInfinity;

        public double Most { get; private set; } = double.NegativeInfinity;

        public void Widen(double least, double most)
        {
            lock (this)
            {
                (Least, Most) = (Math.Min(Least, least), Math.Max(Most, most));
            }
        }
    }

    private sealed class Looker(Range range) : IBatchWorker
    {
        private double least = double.PositiveInfinity, most = double.NegativeInfinity;

        public void Accept(Batch batch)
        {
            NumberColumn ids = (NumberColumn)batch.Columns[0];
            if (ids.IsDouble)
            {
                Look(ids.Doubles[..batch.Rows]);
                return;
            }

            foreach (float id in ids.Floats[..batch.Rows])
            {
                (least, most) = (id < least ? id : least, id > most ? id : most);
            }
        }

        public void Finish() => range.Widen(least, most);

        public void Dispose()
        {
        }

        private void Look(ReadOnlySpan<double> ids)
        {
            // A comparison with NaN, which stands for null, is false.
            foreach (double id in ids)
            {
                (least, most) = (id < least ? id : least, id > most ? id : most);
            }
        }
    }

    private sealed class Filler(DenseIdJoin join, long* places, Action<long> count) : IBatchWorker
    {
        private long nulls;

        public void Accept(Batch batch)
        {
            NumberColumn ids = (NumberColumn)batch.Columns[0];
            for (int i = 0; i < batch.Rows; i++)
            {
                double id = ids[i];
                if (double.IsNaN(id))
                {
                    nulls++;
                    continue;
                }

                ref long place = ref places[(long)id - join.first];
                long row = batch.FirstRow + i + 1, was = Interlocked.CompareExchange(ref place, row, 0);
                while (was != 0)
                {
                    long seen = was;
                    was = Interlocked.CompareExchange(ref place, Math.Min(seen, -1) - 1, seen);
                    if (was == seen)
                    {
                        break;
                    }
                }
            }
        }

        public void Finish() => count(nulls);

        public void Dispose()
        {
        }
    }
}
