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

    /// <summary>Lists of both sides of a self-join have to be there at once.</summary>
    private const long SelfListBytes = 4L << 30;

    private readonly AlignedMemory packed = new();
    private readonly AlignedMemory offsets = new();

    public NeighborBound Bound(NeighborPlan plan) => NeighborBound.OfFloats(plan.Metric, plan.Queries.Width);

    public void Run(NeighborPiece piece)
    {
        int queries = piece.Queries.Count;
        if (queries == 0 || piece.Rows.Count == 0)
        {
            return;
        }

        long width = piece.Plan.Queries.Width, listBytes = NeighborCandidates.Bytes(piece);
        bool bothSides = piece.IsSelfJoin && queries * listBytes <= SelfListBytes;
        int span = WholePanels(Math.Min(QueryBytes / (width * sizeof(float)), bothSides ? long.MaxValue : ListBytes / listBytes), queries);
        packed.Reserve((nuint)(span * width * sizeof(float)));
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
    }

    /// <summary>About this many rows, a multiple of the tile's columns, no more than are needed.</summary>
    private int WholePanels(long rows, int needed)
    {
        long most = ((long)needed + shape.Columns - 1) / shape.Columns;
        return (int)Math.Clamp(rows / shape.Columns, 1, most) * shape.Columns;
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
        int width = piece.Plan.Queries.Width, panels = (count + shape.Rows - 1) / shape.Rows;
        float* to = (float*)packed.Pointer;
        WorkItems.Run(piece.Plan, panels, (long)shape.Rows * width * sizeof(float), (panel, scratch) =>
        {
            for (int i = 0; i < shape.Rows; i++)
            {
                float* row = (float*)scratch + ((nint)i * width);
                int query = (panel * shape.Rows) + i;
                if (query < count)
                {
                    piece.PlaceQuery(first + query, row);
                }
                else
                {
                    new Span<float>(row, width).Clear();
                }
            }

            Panel.Transpose((float*)scratch, width, shape.Rows, to + ((nint)panel * shape.Rows * width));
        });
    }

    private void Search(NeighborPiece piece, NeighborCandidates candidates, int first, int count, bool bothSides)
    {
        long panelBytes = (long)shape.Columns * piece.Plan.Queries.Width * sizeof(float);
        int block = WholePanels(BlockBytes / panelBytes * shape.Columns, piece.Rows.Count);
        int blocks = (piece.Rows.Count + block - 1) / block;

        // Where the base is too short to keep all threads busy, they share out the queries as well.
        int panels = (count + shape.Rows - 1) / shape.Rows;
        int slices = Math.Clamp(4 * piece.Plan.Threads / blocks, 1, panels);
        long scratchBytes = (block / shape.Columns * panelBytes) + panelBytes + (shape.Rows * shape.Columns * sizeof(float));
        WorkItems.Run(piece.Plan, blocks * slices, scratchBytes, (item, scratch) =>
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
                PackBlock(piece, row, rows, (float*)scratch);
                float* packedBlock = (float*)scratch + (panelBytes / sizeof(float));
                Work work = new(piece, candidates, (nint)packedBlock, row, rows, first, bothSides);
                ScoreBlock(work, start, end, packedBlock + (block / shape.Columns * panelBytes / sizeof(float)));
            }

            piece.Done((long)(Math.Min(count, end * shape.Rows) - Math.Min(count, start * shape.Rows)) * rows);
        });
    }

    private void PackBlock(NeighborPiece piece, int first, int count, float* scratch)
    {
        int width = piece.Plan.Queries.Width;
        float* to = scratch + ((nint)shape.Columns * width);
        for (int start = 0; start < count; start += shape.Columns, to += (nint)shape.Columns * width)
        {
            for (int i = 0; i < shape.Columns; i++)
            {
                float* row = scratch + ((nint)i * width);
                if (start + i < count)
                {
                    piece.PlaceRow(first + start + i, row);
                }
                else
                {
                    new Span<float>(row, width).Clear();
                }
            }

            Panel.Transpose(scratch, width, shape.Columns, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreBlock(in Work work, int start, int end, float* dots)
    {
        int width = work.Piece.Plan.Queries.Width, columns = shape.Columns;
        NeighborCandidates candidates = work.Candidates;
        float* allOffsets = (float*)offsets.Pointer, thresholds = candidates.Thresholds;
        for (int panel = start; panel < end; panel++)
        {
            int query = panel * shape.Rows, listed = work.BothSides ? work.FirstQuery + query : query;
            float* queries = (float*)packed.Pointer + ((nint)query * width);
            int diagonal = (work.FirstQuery + query) / columns * columns;
            for (int i = work.BothSides && diagonal > work.FirstRow ? diagonal - work.FirstRow : 0; i < work.Rows; i += columns)
            {
                int row = work.FirstRow + i;
                bool both = work.BothSides && row != diagonal;
                uint hits = shape.Score(
                    queries, (float*)work.Packed + ((nint)i * width), width, allOffsets + row, thresholds + listed,
                    allOffsets + listed, both ? thresholds + row : null, dots);
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
        }
    }

    /// <param name="Packed">The block's panels.</param>
    private readonly record struct Work(
        NeighborPiece Piece, NeighborCandidates Candidates, nint Packed, int FirstRow, int Rows, int FirstQuery, bool BothSides);
}
