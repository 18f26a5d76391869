using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Scores of queries against a piece of the base, in float32, and the candidates among them.
/// score(q, b) = dot(q, b) + shift(b), larger = nearer; the dot product is one chain of fused multiply-adds over the
/// dimensions. A score above its query's floor is appended to the query's list. No NaN: rows without neighbours stay out.
/// A group of side × side threads takes a tile of 8·side queries × 8·side rows, eight dimensions at a time through shared
/// memory, two buffers in turn; a thread has 8 × 8 dot products in registers.
/// Cost per pair: D multiply-adds, a sum and a comparison; bytes: a tile's edges, so D/(2·side) per pair.
/// </summary>
public static class NeighborKernel
{
    /// <summary>Queries, and rows, per thread.</summary>
    public const int Block = 8;

    /// <summary>Dimensions per step.</summary>
    public const int Depth = 8;

    /// <summary>Shared memory of a group, in words of 16 bytes.</summary>
    public static int SharedWords(int side) => 2 * 2 * Depth * Stride(side);

    /// <summary>Grid: tiles of rows × tiles of queries. Group: side × side, side a power of two from 2.</summary>
    public static void Search(NeighborInput input, ArrayView<float> floors, NeighborLists lists)
    {
        ArrayView<Words> shared = SharedMemory.GetDynamic<Words>();
        int side = Group.DimX, x = Group.IdxX, y = Group.IdxY, thread = (y * side) + x, edge = side * Block;
        int firstQuery = Grid.IdxY * edge, firstRow = Grid.IdxX * edge;
        int stride = Stride(side), half = Depth * stride;
        var q0 = default(Eight);
        var q1 = default(Eight);
        var q2 = default(Eight);
        var q3 = default(Eight);
        var q4 = default(Eight);
        var q5 = default(Eight);
        var q6 = default(Eight);
        var q7 = default(Eight);
        int steps = input.WordsPerRow / 2;
        Stage(input, shared, 0, firstQuery, firstRow, 0, thread);
        for (int step = 0; step < steps; step++)
        {
            // The other buffer was last read before the previous barrier.
            Group.Barrier();
            int buffer = step & 1;
            if (step + 1 < steps)
            {
                Stage(input, shared, (buffer ^ 1) * 2 * half, firstQuery, firstRow, step + 1, thread);
            }

            int at = (buffer * 2 * half) + y, to = (buffer * 2 * half) + half + x;
            for (int d = 0; d < Depth; d++)
            {
                Words a = shared[at], b = shared[at + side], low = shared[to], high = shared[to + side];
                q0 = Eight.Add(q0, a.X, low, high);
                q1 = Eight.Add(q1, a.Y, low, high);
                q2 = Eight.Add(q2, a.Z, low, high);
                q3 = Eight.Add(q3, a.W, low, high);
                q4 = Eight.Add(q4, b.X, low, high);
                q5 = Eight.Add(q5, b.Y, low, high);
                q6 = Eight.Add(q6, b.Z, low, high);
                q7 = Eight.Add(q7, b.W, low, high);
                at += stride;
                to += stride;
            }
        }

        // A thread's rows are 4x … 4x + 3 and as many from the middle of the tile, so that a warp's loads lie side by side.
        int row = firstRow + (4 * x), next = row + (4 * side), query = firstQuery + (4 * y), far = query + (4 * side);
        ArrayView<float> shifts = input.Shifts;
        var shift = new Eight
        {
            A = shifts[row],
            B = shifts[row + 1],
            C = shifts[row + 2],
            D = shifts[row + 3],
            E = shifts[next],
            F = shifts[next + 1],
            G = shifts[next + 2],
            H = shifts[next + 3],
        };
        row += input.FirstRow;
        next += input.FirstRow;
        Offer(input, floors, lists, query, q0, shift, row, next);
        Offer(input, floors, lists, query + 1, q1, shift, row, next);
        Offer(input, floors, lists, query + 2, q2, shift, row, next);
        Offer(input, floors, lists, query + 3, q3, shift, row, next);
        Offer(input, floors, lists, far, q4, shift, row, next);
        Offer(input, floors, lists, far + 1, q5, shift, row, next);
        Offer(input, floors, lists, far + 2, q6, shift, row, next);
        Offer(input, floors, lists, far + 3, q7, shift, row, next);
    }

    // One word more than the tile's edge: transposed stores of a warp then fall into different banks.
    private static int Stride(int side) => (2 * side) + 1;

    /// <summary>Copies eight dimensions of the tile's queries and rows to shared memory, dimension by dimension.</summary>
    private static void Stage(NeighborInput input, ArrayView<Words> shared, int offset, int firstQuery, int firstRow, int step, int thread)
    {
        int threads = Group.DimX * Group.DimX, edge = Group.DimX * Block, stride = Stride(Group.DimX) * 4, half = Depth * stride;
        ArrayView<uint> values = shared.Cast<uint>();
        for (int i = thread; i < edge * 2; i += threads)
        {
            // Two threads take a row's eight dimensions, four each.
            int line = i >> 1, part = i & 1, slot = Math.Min(firstQuery + line, input.ActiveCount - 1);
            Words query = input.Queries[((long)input.Active[slot] * input.WordsPerRow) + (2 * step) + part];
            Words row = input.Rows[((long)(firstRow + line) * input.WordsPerRow) + (2 * step) + part];
            int at = (offset * 4) + (part * 4 * stride) + line;
            values[at] = query.X;
            values[at + stride] = query.Y;
            values[at + (2 * stride)] = query.Z;
            values[at + (3 * stride)] = query.W;
            at += half;
            values[at] = row.X;
            values[at + stride] = row.Y;
            values[at + (2 * stride)] = row.Z;
            values[at + (3 * stride)] = row.W;
        }
    }

    private static void Offer(NeighborInput input, ArrayView<float> floors, NeighborLists lists, int slot, Eight dots, Eight shifts, int row, int next)
    {
        if (slot < input.ActiveCount)
        {
            int query = input.Active[slot];
            float floor = floors[query];
            lists.Offer(query, floor, DeterministicSingle.Add(dots.A, shifts.A), row);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.B, shifts.B), row + 1);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.C, shifts.C), row + 2);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.D, shifts.D), row + 3);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.E, shifts.E), next);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.F, shifts.F), next + 1);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.G, shifts.G), next + 2);
            lists.Offer(query, floor, DeterministicSingle.Add(dots.H, shifts.H), next + 3);
        }
    }
}
