using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Takes runs of base rows through a lane's blocks: rows as they enter scores, then the shifts for float32 and, where the
/// bounds differ, those for tensor cores. The last tile is filled up with rows that reach no floor.
/// </summary>
internal sealed unsafe class NeighborStage
{
    private const int PackRows = 64;
    private readonly DeviceLane lane;
    private readonly int tile;
    private readonly long rowBytes;
    private readonly long shiftOffset, tensorOffset;

    /// <param name="lane">Whose blocks are used.</param>
    /// <param name="limits">How large they are.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="tile">Rows of a tile.</param>
    public NeighborStage(DeviceLane lane, GpuLimits limits, int width, int tile)
    {
        this.lane = lane;
        this.tile = tile;
        WordsPerRow = (width + 7) / 8 * 2;
        rowBytes = (long)WordsPerRow * Words.Size;
        Capacity = (int)Math.Max(1, limits.BlockBytes / (rowBytes + (2 * sizeof(float))) / tile) * tile;
        shiftOffset = StagingBlock.Align(Capacity * rowBytes);
        tensorOffset = shiftOffset + StagingBlock.Align(Capacity * (long)sizeof(float));
        lane.Stage(tensorOffset + (Capacity * (long)sizeof(float)));
    }

    /// <summary>Words of a padded row.</summary>
    public int WordsPerRow { get; }

    /// <summary>Rows that a block takes: whole tiles.</summary>
    public int Capacity { get; }

    /// <summary>Rows with those that fill up the last tile.</summary>
    public int Padded(int rows) => (rows + tile - 1) / tile * tile;

    /// <summary>Fills the lane's block with these rows and starts their upload.</summary>
    /// <param name="piece">The base.</param>
    /// <param name="first">A distinct row.</param>
    /// <param name="rows">At most <see cref="Capacity"/>.</param>
    /// <param name="single">Of float32 scores.</param>
    public void Upload(NeighborPiece piece, int first, int rows, NeighborBound single)
    {
        StagingBlock block = lane.Block;
        int padded = Padded(rows), width = piece.Plan.Queries.Width;
        nint values = Pointer(block, 0, padded * rowBytes), shifts = Pointer(block, shiftOffset, padded * 4L), tensor = Pointer(block, tensorOffset, padded * 4L);
        WorkItems.Run(piece.Plan, (padded + PackRows - 1) / PackRows, 0, (item, _) =>
        {
            for (int i = item * PackRows; i < Math.Min(padded, (item + 1) * PackRows); i++)
            {
                var row = new Span<float>((byte*)values + (i * rowBytes), WordsPerRow * 4);
                row[(i < rows ? width : 0)..].Clear();
                double squared = i < rows ? piece.PlaceRow(first + i, (float*)((byte*)values + (i * rowBytes))) : 0;
                ((float*)shifts)[i] = i < rows ? -single.Offset(squared) : float.NegativeInfinity;
                ((float*)tensor)[i] = i < rows ? -piece.Bound.Offset(squared) : float.NegativeInfinity;
            }
        });
        lane.Guard(() =>
        {
            block.Upload(0, padded * rowBytes);
            block.Upload(shiftOffset, padded * sizeof(float));
            block.Upload(tensorOffset, padded * sizeof(float));
        });
    }

    /// <summary>A block's rows, as kernels take them.</summary>
    public NeighborInput Input(StagingBlock block, int first, int rows) => new()
    {
        Rows = block.DeviceWords(0, Padded(rows) * rowBytes),
        Shifts = block.Device(shiftOffset, Padded(rows) * (long)sizeof(float)).Cast<float>(),
        TensorShifts = block.Device(tensorOffset, Padded(rows) * (long)sizeof(float)).Cast<float>(),
        FirstRow = first,
        WordsPerRow = WordsPerRow,
    };

    private static nint Pointer(StagingBlock block, long offset, long bytes)
    {
        fixed (byte* pointer = block.Host(offset, bytes))
        {
            return (nint)pointer; // Pinned for the block's life.
        }
    }
}
