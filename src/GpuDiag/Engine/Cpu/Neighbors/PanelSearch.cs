using System.Numerics;
using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>
/// Fast scores by register tiles. A thread packs a block of the base into its second-level cache and takes all packed
/// queries past it; queries are packed once, as many at a time as the shared cache holds. A self-join computes each tile
/// once for both its sides.
/// </summary>
internal sealed unsafe class PanelSearch(TileShape shape) : INeighborSearch
{
    private const long QueryBytes = 12L << 20;
    private const long BlockBytes = 384L << 10;
    private const long ListBytes = 256L << 20;

    /// <summary>Words of a vector from which on its head is compared first.</summary>
    private const int LeastWords = 32;

    private const int Choices = 64;

    /// <summary>Lists of both sides of a self-join have to be there at once.</summary>
    private const long SelfListBytes = 4L << 30;

    private readonly AlignedMemory packed = new();
    private readonly AlignedMemory offsets = new();
    private readonly AlignedMemory queryScales = new();
    private readonly AlignedMemory rowScales = new();
    private readonly AlignedMemory queryTails = new();
    private int[] heads = [];
    private int queryStep;

    /// <summary>Per block of the base, the last ones together: thresholds rise from block to block.</summary>
    private HeadChoice[] choices = [];

    public NeighborBound Bound(NeighborPlan plan) => shape.Bound(plan);

    public int[]? Order(NeighborPlan plan, VectorBlock batch, DistinctRows rows)
    {
        TileShape same = shape;
        return HasHeads(plan) ? RowGroups.Order(plan, batch, rows, p => new CertifiedNeighbors(p, new PanelSearch(same))) : null;
    }

    public void Run(NeighborPiece piece)
    {
        int queries = piece.Queries.Count;
        if (queries == 0 || piece.Rows.Count == 0)
        {
            return;
        }

        long vectorBytes = shape.Words(piece.Plan.Queries.Width) * sizeof(float), listBytes = NeighborCandidates.Bytes(piece);
        bool bothSides = piece.IsSelfJoin && queries * listBytes <= SelfListBytes;
        int span = WholePanels(Math.Min(QueryBytes / vectorBytes, bothSides ? long.MaxValue : ListBytes / listBytes), queries);
        packed.Reserve((nuint)(span * vectorBytes));
        queryScales.Reserve(((nuint)queries + 8) * sizeof(float));
        rowScales.Reserve((nuint)(piece.Rows.Count + shape.Columns) * sizeof(float));
        PrepareHeads(piece, span);
        CopyOffsets(piece);
        using NeighborCandidates candidates = new(piece, bothSides ? queries : Math.Min(span, queries));
        if (bothSides)
        {
            candidates.Begin(0, queries);
        }

        for (int first = 0; first < queries; first += span)
        {
            int count = Math.Min(span, queries - first);
            if (!bothSides)
            {
                candidates.Begin(first, count);
            }

            Pack(piece, first, count);
            Search(piece, candidates, first, count, bothSides);
            if (!bothSides)
            {
                candidates.Finish();
            }
        }

        if (bothSides)
        {
            candidates.Finish();
        }
    }

    public void Dispose()
    {
        packed.Dispose();
        offsets.Dispose();
        queryScales.Dispose();
        rowScales.Dispose();
        queryTails.Dispose();
    }

    /// <summary>About this many rows, a multiple of the tile's columns, no more than are needed.</summary>
    private int WholePanels(long rows, int needed)
    {
        long most = ((long)needed + shape.Columns - 1) / shape.Columns;
        return (int)Math.Clamp(rows / shape.Columns, 1, most) * shape.Columns;
    }

    private bool HasHeads(NeighborPlan plan) => shape.IsShort && shape.Words(plan.Queries.Width) >= LeastWords;

    /// <summary>Bounds of tails, one for each head, query and row, where vectors are long enough for a test to be worth it.</summary>
    private void PrepareHeads(NeighborPiece piece, int span)
    {
        if (!HasHeads(piece.Plan))
        {
            return;
        }

        HeadChoice first = new(shape.Words(piece.Plan.Queries.Width));
        choices = choices.Length > 0 ? choices : [.. Enumerable.Repeat(first, Choices)];
        heads = [.. Enumerable.Range(0, HeadChoice.Shares).Select(first.Head)];
        queryStep = span + shape.Rows;
        queryTails.Reserve((nuint)heads.Length * (nuint)queryStep * sizeof(float));
    }

    private void CopyOffsets(NeighborPiece piece)
    {
        int count = piece.Offsets.Length;
        offsets.Reserve((nuint)(count + shape.Columns) * sizeof(float));
        Span<float> all = offsets.Span<float>(count + shape.Columns);
        piece.Offsets.CopyTo(all);
        all[count..].Fill(float.PositiveInfinity);
    }

    private void Pack(NeighborPiece piece, int first, int count)
    {
        int words = shape.Words(piece.Plan.Queries.Width), panels = (count + shape.Rows - 1) / shape.Rows;
        float* to = (float*)packed.Pointer, scales = (float*)queryScales.Pointer + first;
        WorkItems.Run(piece.Plan, panels, ScratchBytes(piece, shape.Rows), (panel, scratch) =>
        {
            int query = panel * shape.Rows, wanted = Math.Min(shape.Rows, count - query);
            PackPanel(piece, isQuery: true, first + query, wanted, shape.Rows, (float*)scratch, to + ((nint)query * words), scales + query, (float*)queryTails.Pointer + query, queryStep);
        });
    }

    /// <summary>Bytes that packing a panel takes: its vectors in words, and one of them in floats.</summary>
    private long ScratchBytes(NeighborPiece piece, int lines) =>
        (((long)lines * shape.Words(piece.Plan.Queries.Width)) + piece.Plan.Queries.Width + 16) * sizeof(float);

    /// <summary>Packs <paramref name="count"/> vectors and zeros up to <paramref name="lines"/>.</summary>
    private void PackPanel(
        NeighborPiece piece, bool isQuery, int first, int count, int lines, float* scratch, float* to, float* scales, float* tails, int step)
    {
        int width = piece.Plan.Queries.Width, words = shape.Words(width);
        float* placed = scratch + ((nint)lines * words);
        new Span<float>(scratch + ((nint)count * words), (lines - count) * words).Clear();
        for (int i = 0; i < count; i++)
        {
            float* line = scratch + ((nint)i * words), target = shape.IsShort ? placed : line;
            if (isQuery)
            {
                piece.PlaceQuery(first + i, target);
            }
            else
            {
                piece.PlaceRow(first + i, target);
            }

            if (shape.IsShort)
            {
                scales[i] = ShortRow.Round(placed, width, (short*)line);
                if (choices.Length > 0)
                {
                    ShortRow.Tails((short*)line, words, scales[i], heads, tails + i, step);
                }
            }
        }

        Panel.Transpose(scratch, words, lines, to);
    }

    private void Search(NeighborPiece piece, NeighborCandidates candidates, int first, int count, bool bothSides)
    {
        long panelBytes = (long)shape.Columns * shape.Words(piece.Plan.Queries.Width) * sizeof(float);
        int block = WholePanels(BlockBytes / panelBytes * shape.Columns, piece.Rows.Count);
        int blocks = (piece.Rows.Count + block - 1) / block;

        // Where the base is too short to keep all threads busy, they share out the queries as well.
        int panels = (count + shape.Rows - 1) / shape.Rows;
        int slices = Math.Clamp(4 * piece.Plan.Threads / blocks, 1, panels);
        long tailBytes = (long)block * heads.Length * sizeof(float), tileBytes = shape.Rows * shape.Columns * sizeof(float);
        long blockBytes = (block / shape.Columns * panelBytes) + tailBytes;
        WorkItems.Run(piece.Plan, blocks * slices, blockBytes + tileBytes + ScratchBytes(piece, shape.Columns), (item, scratch) =>
        {
            int row = item / slices * block, rows = Math.Min(block, piece.Rows.Count - row), slice = item % slices;
            int start = (int)((long)panels * slice / slices), end = (int)((long)panels * (slice + 1) / slices);
            if (bothSides)
            {
                // Tiles below the diagonal are the other side of those above it.
                end = Math.Min(end, Math.Max(start, (row + rows - first + shape.Rows - 1) / shape.Rows));
            }

            if (start < end)
            {
                nint dots = scratch + (nint)blockBytes;
                float* tails = (float*)(dots - (nint)tailBytes);
                for (int i = 0; i < rows; i += shape.Columns)
                {
                    float* to = (float*)(scratch + (nint)(i / shape.Columns * panelBytes)), scales = (float*)rowScales.Pointer + row + i;
                    int wanted = Math.Min(shape.Columns, rows - i);
                    PackPanel(piece, isQuery: false, row + i, wanted, shape.Columns, (float*)(dots + (nint)tileBytes), to, scales, tails + i, block);
                }

                ScoreBlock(new Work(piece, candidates, scratch, (nint)tails, block, item / slices, row, rows, first, bothSides), start, end, (float*)dots);
            }

            piece.Done((long)(Math.Min(count, end * shape.Rows) - Math.Min(count, start * shape.Rows)) * rows);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreBlock(in Work work, int start, int end, float* dots)
    {
        int words = shape.Words(work.Piece.Plan.Queries.Width), columns = shape.Columns;
        NeighborCandidates candidates = work.Candidates;
        float* allOffsets = (float*)offsets.Pointer, thresholds = candidates.Thresholds;
        int place = Math.Min(work.Block, Choices - 1);
        HeadChoice? chosen = choices.Length == 0 ? null : choices[place].Copy();
        TileSides sides = default;
        sides.Head = words;
        for (int panel = start; panel < end; panel++)
        {
            int query = panel * shape.Rows, listed = work.BothSides ? work.FirstQuery + query : query;
            float* queries = (float*)packed.Pointer + ((nint)query * words);
            sides.Thresholds = thresholds + listed;
            sides.QueryOffsets = allOffsets + listed;
            sides.QueryScales = (float*)queryScales.Pointer + work.FirstQuery + query;
            int share = chosen?.Next() ?? 0, tiles = 0;
            if (chosen is not null)
            {
                sides.Head = chosen.Head(share);
                sides.QueryTails = (float*)queryTails.Pointer + (share % heads.Length * queryStep) + query;
                sides.Rest = 0;
            }

            int diagonal = (work.FirstQuery + query) / columns * columns;
            for (int i = work.BothSides && diagonal > work.FirstRow ? diagonal - work.FirstRow : 0; i < work.Rows; i += columns)
            {
                int row = work.FirstRow + i;
                sides.Offsets = allOffsets + row;
                sides.RowScales = (float*)rowScales.Pointer + row;
                sides.RowThresholds = work.BothSides && row != diagonal ? thresholds + row : null;
                sides.RowTails = (float*)work.Tails + (share % HeadChoice.Shares * work.TailStep) + i;
                tiles++;
                uint hits = shape.Score(queries, (float*)work.Packed + ((nint)i * words), words, &sides, dots);
                for (; hits != 0; hits &= hits - 1)
                {
                    int bit = BitOperations.TrailingZeroCount(hits), line = bit & 7;
                    float* values = dots + (line * columns);
                    if (bit < 8)
                    {
                        candidates.Offer(listed + line, values, allOffsets + row, columns, row);
                    }
                    else
                    {
                        candidates.OfferBack(listed + line, values, allOffsets[listed + line], columns, row);
                    }
                }
            }

            if (tiles > 0)
            {
                chosen?.Note(share, tiles, sides.Rest);
            }
        }

        if (chosen is not null)
        {
            choices[place] = chosen;
        }
    }

    /// <param name="Packed">The block's panels.</param>
    /// <param name="Tails">Bounds of its rows' tails: [heads][TailStep].</param>
    private readonly record struct Work(
        NeighborPiece Piece, NeighborCandidates Candidates, nint Packed, nint Tails, int TailStep, int Block, int FirstRow, int Rows, int FirstQuery, bool BothSides);
}
