namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Row-major float32 vectors in borrowed memory: a <see cref="VectorStore"/>, or a run of rows of one. A null vector is
/// NaN throughout. The memory need not be padded or aligned beyond 4 bytes.
/// </summary>
/// <param name="Pointer">The first value of the first row.</param>
/// <param name="Rows">Vectors in the block.</param>
/// <param name="Width">Dimensions, at least 1.</param>
/// <param name="FirstRow">Row number of the first vector in its dataset.</param>
public readonly record struct VectorBlock(nint Pointer, long Rows, int Width, long FirstRow)
{
    /// <summary>Rows [start, start + rows) of this block.</summary>
    public VectorBlock Slice(long start, long rows) => new(Pointer + (nint)(start * Width * sizeof(float)), rows, Width, FirstRow + start);

    /// <summary>The row at this position of the block.</summary>
    public unsafe float* Row(long position) => (float*)Pointer + (position * Width);
}
