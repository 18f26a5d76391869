using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Per query the base rows that may be among its k nearest, and the fast score that a further one must exceed. A list that
/// fills up drops what its own k best prove to be too far; where they prove too little (many rows as near as the k-th), it
/// measures all it holds canonically, so that none is ever lost. Threads may offer at once.
/// </summary>
internal sealed unsafe class NeighborCandidates : IDisposable
{
    /// <summary>Thresholds beyond the last query, all +∞, which tiles may read.</summary>
    private const int Padding = 64;

    private readonly NeighborPiece piece;
    private readonly int capacity;
    private readonly AlignedMemory thresholds = new();
    private readonly AlignedMemory scores = new();
    private readonly AlignedMemory rows = new();
    private readonly int[] counts;
    private readonly int[] gates;
    private int first;
    private int queries;

    /// <param name="piece">The queries and rows.</param>
    /// <param name="mostQueries">Queries that it will hold at once.</param>
    public NeighborCandidates(NeighborPiece piece, int mostQueries)
    {
        this.piece = piece;
        capacity = Capacity(piece);
        counts = new int[mostQueries];
        gates = new int[mostQueries];
        thresholds.Reserve(((nuint)mostQueries + Padding) * sizeof(float));
        scores.Reserve((nuint)mostQueries * (nuint)capacity * sizeof(float));
        rows.Reserve((nuint)mostQueries * (nuint)capacity * sizeof(int));
    }

    /// <summary>Per query, relative to the first: a pair whose fast score is not above it need not be offered.</summary>
    public float* Thresholds => (float*)thresholds.Pointer;

    /// <summary>Bytes per query.</summary>
    public static long Bytes(NeighborPiece piece) => 16 + (8L * Capacity(piece));

    /// <summary>Empties the lists for these queries.</summary>
    public void Begin(int firstQuery, int count)
    {
        (first, queries) = (firstQuery, count);
        Array.Clear(counts);
        for (int q = 0; q < count; q++)
        {
            Thresholds[q] = piece.Threshold(first + q);
        }

        new Span<float>(Thresholds + count, Padding).Fill(float.PositiveInfinity);
    }

    /// <summary>Offers a query some rows at once.</summary>
    /// <param name="query">Relative to the first.</param>
    /// <param name="dots">Dot products with consecutive rows.</param>
    /// <param name="offsets">The rows' offsets.</param>
    /// <param name="width">Rows, a multiple of 4.</param>
    /// <param name="row">The first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Offer(int query, float* dots, float* offsets, int width, int row)
    {
        Vector128<float> threshold = Vector128.Create(Thresholds[query]);
        for (int i = 0; i < width; i += 4)
        {
            Vector128<float> four = Vector128.Load(dots + i) - Vector128.Load(offsets + i);
            uint hits = Vector128.GreaterThan(four, threshold).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1)
            {
                int at = System.Numerics.BitOperations.TrailingZeroCount(hits);
                Offer(query, four.GetElement(at), row + i + at);
            }
        }
    }

    /// <summary>Offers some queries a row at once: the other side of <see cref="Offer(int, float*, float*, int, int)"/>.</summary>
    /// <param name="row">The row; its own number among the queries is the same.</param>
    /// <param name="dots">Dot products with consecutive queries.</param>
    /// <param name="offset">The row's offset.</param>
    /// <param name="width">Queries, a multiple of 4.</param>
    /// <param name="query">The first query, relative to the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OfferBack(int row, float* dots, float offset, int width, int query)
    {
        for (int i = 0; i < width; i += 4)
        {
            Vector128<float> four = Vector128.Load(dots + i) - Vector128.Create(offset);
            uint hits = Vector128.GreaterThan(four, Vector128.Load(Thresholds + query + i)).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1)
            {
                int at = System.Numerics.BitOperations.TrailingZeroCount(hits);
                Offer(query + i + at, four.GetElement(at), row);
            }
        }
    }

    /// <summary>Offers a query a row by its fast score.</summary>
    public void Offer(int query, float score, int row)
    {
        if (piece.IsSelf(first + query, row))
        {
            return;
        }

        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref gates[query], 1, 0) != 0)
        {
            wait.SpinOnce();
        }

        if (score > Thresholds[query])
        {
            long at = ((long)query * capacity) + counts[query];
            ((float*)scores.Pointer)[at] = score;
            ((int*)rows.Pointer)[at] = row;
            if (piece.Plan.K == 1)
            {
                // Told at once: what comes is then compared with the nearest so far, not with that of the last time a list was full.
                float known = piece.Bound.BelowScore(piece.QueryScores[first + query], score, piece.Bound.Weakness(piece.Offsets[row]));
                Thresholds[query] = Math.Max(Thresholds[query], known);
            }

            if (++counts[query] == capacity)
            {
                Drop(query);
                if (counts[query] > capacity - Math.Max(1, capacity / 4))
                {
                    Measure(query);
                }
            }
        }

        Volatile.Write(ref gates[query], 0);
    }

    /// <summary>Measures what is left canonically and adds it to the state.</summary>
    public void Finish()
    {
        const int Chunk = 64;
        WorkItems.Run(piece.Plan, (queries + Chunk - 1) / Chunk, 0, (chunk, _) =>
        {
            for (int query = chunk * Chunk; query < Math.Min(queries, (chunk + 1) * Chunk); query++)
            {
                Drop(query);
                Measure(query);
            }
        });
    }

    public void Dispose()
    {
        thresholds.Dispose();
        scores.Dispose();
        rows.Dispose();
    }

    private static int Capacity(NeighborPiece piece)
    {
        int k = (int)Math.Min(piece.Plan.K, piece.Rows.Count);
        return Math.Min(Math.Max(3 * k, k + 22), piece.Rows.Count + 1);
    }

    /// <summary>Drops what the k best fast scores prove to be further away than they are, and raises the threshold.</summary>
    private void Drop(int query)
    {
        int count = counts[query], k = piece.Plan.K, kept = 0;
        if (count <= k)
        {
            return;
        }

        float* score = (float*)scores.Pointer + ((long)query * capacity);
        int* row = (int*)rows.Pointer + ((long)query * capacity);
        float kth = Kth(score, count, k);
        double weakness = 0;
        for (int i = 0; i < count; i++)
        {
            weakness = score[i] >= kth ? Math.Max(weakness, piece.Bound.Weakness(piece.Offsets[row[i]])) : weakness;
        }

        float threshold = Math.Max(Thresholds[query], piece.Bound.BelowScore(piece.QueryScores[first + query], kth, weakness));
        for (int i = 0; i < count; i++)
        {
            if (score[i] > threshold)
            {
                (score[kept], row[kept]) = (score[i], row[i]);
                kept++;
            }
        }

        Thresholds[query] = threshold;
        counts[query] = kept;
    }

    /// <summary>The k-th largest of the scores.</summary>
    private static float Kth(float* score, int count, int k)
    {
        if (k == 1)
        {
            float most = score[0];
            for (int i = 1; i < count; i++)
            {
                most = Math.Max(most, score[i]);
            }

            return most;
        }

        double[] sorted = ArrayPool<double>.Shared.Rent(count);
        for (int i = 0; i < count; i++)
        {
            sorted[i] = score[i];
        }

        float kth = (float)Selection.Nth(sorted.AsSpan(0, count), count - k);
        ArrayPool<double>.Shared.Return(sorted);
        return kth;
    }

    private void Measure(int query)
    {
        int* row = (int*)rows.Pointer + ((long)query * capacity);
        for (int i = 0; i < counts[query]; i++)
        {
            piece.Add(first + query, row[i]);
        }

        counts[query] = 0;
        Thresholds[query] = Math.Max(Thresholds[query], piece.Threshold(first + query));
    }
}
