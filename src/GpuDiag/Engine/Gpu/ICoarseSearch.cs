using GpuDiag.Kernels;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>A first search whose operands are rounded to bfloat16: faster, with wider bounds.</summary>
internal interface ICoarseSearch
{
    /// <summary>Rounds the block's first queries.</summary>
    void Begin(int queries);

    /// <summary>Appends what exceeds the floors of tensor searches to the lists, in the order of the stream.</summary>
    /// <param name="stream">On which the rows arrive.</param>
    /// <param name="input">The rows, and all queries of the block.</param>
    /// <param name="rows">Rows with those that fill up the last tile.</param>
    void Launch(AcceleratorStream stream, NeighborInput input, int rows);
}
