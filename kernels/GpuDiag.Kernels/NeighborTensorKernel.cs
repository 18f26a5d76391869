using ILGPU;
using ILGPU.Runtime.Cuda;

namespace GpuDiag.Kernels;

/// <summary>
/// Scores on NVIDIA's tensor cores (from compute capability 8.0) and the candidates among them: as
/// <see cref="NeighborKernel.Search"/>, but queries and rows are rounded to bfloat16 first and products are added as the
/// hardware adds them, so that errors are about 2⁻⁷ of Σ|qᵢbᵢ| instead of 2⁻²⁴ per dimension.
/// A group of 128 threads takes 128 queries past tiles of 128 rows: each warp 64 × 64 by m16n8k16, operands through three
/// stages of shared memory by asynchronous copies, 32 dimensions each. In a stage a row has 64 bytes, its four 16-byte chunks
/// at chunk ^ (row / 2 mod 4): then neither copies nor ldmatrix meet in a bank.
/// Cost per pair: D/2048 mma instructions, and a sum and a comparison. Cannot run on the simulator.
/// </summary>
public static class NeighborTensorKernel
{
    /// <summary>Queries, and rows, of a tile: what buffers are padded to.</summary>
    public const int Tile = 128;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Dimensions that vectors are padded to a multiple of; there are two steps at least.</summary>
    public const int Depth = 32;

    private const int StageBytes = NeighborTensorCode.StageBytes;

    /// <summary>Padded dimensions.</summary>
    public static int PaddedWidth(int width) => Math.Max(2 * Depth, (width + Depth - 1) / Depth * Depth);

    /// <summary>Grid: any number of groups along the rows × tiles of queries.</summary>
    /// <param name="queries">Address of the queries in bfloat16, padded to whole tiles.</param>
    /// <param name="rows">Address of the rows, likewise.</param>
    /// <param name="shifts">Per row; −∞ for those that pad the last tile.</param>
    /// <param name="floors">Per query; +∞ for those that pad the last tile.</param>
    /// <param name="counts">Address of <see cref="NeighborLists.Counts"/>.</param>
    /// <param name="upper">Address of <see cref="NeighborLists.Upper"/>.</param>
    /// <param name="listed">Address of <see cref="NeighborLists.Rows"/>.</param>
    /// <param name="capacity">Entries per list.</param>
    /// <param name="width">Padded dimensions.</param>
    /// <param name="tiles">Tiles of rows.</param>
    /// <param name="firstRow">Number of the first row in the lists.</param>
    public static void Search(long queries, long rows, ArrayView<float> shifts, ArrayView<float> floors, long counts, long upper, long listed, int capacity, int width, int tiles, int firstRow)
    {
        CudaAsm.Emit(NeighborTensorCode.Declare);
        int thread = Group.IdxX, warp = thread >> 5, lane = thread & 31;
        int warpQuery = (warp & 1) * 64, warpRow = (warp >> 1) * 64, firstQuery = Grid.IdxY * Tile;
        int query = firstQuery + warpQuery + (lane >> 2);
        CudaAsm.Emit("mov.f32 fl0, %0;", floors[query]);
        CudaAsm.Emit("mov.f32 fl1, %0;", floors[query + 8]);
        CudaAsm.Emit("mov.f32 fl2, %0;", floors[query + 16]);
        CudaAsm.Emit("mov.f32 fl3, %0;", floors[query + 24]);
        CudaAsm.Emit("mov.f32 fl4, %0;", floors[query + 32]);
        CudaAsm.Emit("mov.f32 fl5, %0;", floors[query + 40]);
        CudaAsm.Emit("mov.f32 fl6, %0;", floors[query + 48]);
        CudaAsm.Emit("mov.f32 fl7, %0;", floors[query + 56]);

        // What this thread copies: chunk c of rows r, r + 32, r + 64, r + 96.
        int r = thread >> 2, c = thread & 3, place = (r * 64) + ((c ^ ((r >> 1) & 3)) << 4);
        long lineBytes = width * 2L, stride = 32 * lineBytes;

        // What it hands to ldmatrix: four matrices of 8 × 8, whose rows lanes address in turn.
        int queryLine = warpQuery + (lane & 15), queryChunk = lane >> 4, queryTurn = (queryLine >> 1) & 3;
        int rowLine = warpRow + (lane & 7) + ((lane >> 4) << 3), rowChunk = (lane >> 3) & 1, rowTurn = (rowLine >> 1) & 3;
        int queryPlace = queryLine * 64, rowPlace = (StageBytes / 2) + (rowLine * 64);
        int steps = width / Depth;
        for (int tile = Grid.IdxX; tile < tiles; tile += Grid.DimX)
        {
            long fromQueries = queries + ((firstQuery + r) * lineBytes) + (c * 16), fromRows = rows + ((((long)tile * Tile) + r) * lineBytes) + (c * 16);
            CudaAsm.Emit(NeighborTensorCode.Clear0);
            CudaAsm.Emit(NeighborTensorCode.Clear1);
            CudaAsm.Emit(NeighborTensorCode.Clear2);
            CudaAsm.Emit(NeighborTensorCode.Clear3);
            CudaAsm.Emit(NeighborTensorCode.Copy, fromQueries, fromRows, stride, place);
            CudaAsm.Emit(NeighborTensorCode.Copy, fromQueries + 64, fromRows + 64, stride, place + StageBytes);
            int stage = 0, free = 2;
            for (int step = 0; step < steps; step++)
            {
                // This step's copies are done in every thread; the stage read in the step before is free.
                CudaAsm.Emit(NeighborTensorCode.WaitForAllButOne);
                Group.Barrier();
                if (step + 2 < steps)
                {
                    long ahead = (step + 2) * 64L;
                    CudaAsm.Emit(NeighborTensorCode.Copy, fromQueries + ahead, fromRows + ahead, stride, place + (free * StageBytes));
                }
                else
                {
                    CudaAsm.Emit(NeighborTensorCode.CommitNothing);
                }

                int start = stage * StageBytes;
                for (int half = 0; half < 4; half += 2)
                {
                    CudaAsm.Emit(NeighborTensorCode.Load, start + queryPlace + (((queryChunk + half) ^ queryTurn) << 4), start + rowPlace + (((rowChunk + half) ^ rowTurn) << 4));
                    CudaAsm.Emit(NeighborTensorCode.Multiply0);
                    CudaAsm.Emit(NeighborTensorCode.Multiply1);
                    CudaAsm.Emit(NeighborTensorCode.Multiply2);
                    CudaAsm.Emit(NeighborTensorCode.Multiply3);
                }

                stage = stage == 2 ? 0 : stage + 1;
                free = free == 2 ? 0 : free + 1;
            }

            // The next tile's copies write over stages that other warps may still read.
            Group.Barrier();
            int column = (tile * Tile) + warpRow + ((lane & 3) * 2), number = firstRow + column;
            CudaAsm.Emit(NeighborTensorScores.Column0, shifts[column], number, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column1, shifts[column + 1], number + 1, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column2, shifts[column + 8], number + 8, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column3, shifts[column + 9], number + 9, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column4, shifts[column + 16], number + 16, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column5, shifts[column + 17], number + 17, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column6, shifts[column + 24], number + 24, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column7, shifts[column + 25], number + 25, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column8, shifts[column + 32], number + 32, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column9, shifts[column + 33], number + 33, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column10, shifts[column + 40], number + 40, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column11, shifts[column + 41], number + 41, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column12, shifts[column + 48], number + 48, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column13, shifts[column + 49], number + 49, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column14, shifts[column + 56], number + 56, query, counts, upper, listed, capacity);
            CudaAsm.Emit(NeighborTensorScores.Column15, shifts[column + 57], number + 57, query, counts, upper, listed, capacity);
        }
    }
}
