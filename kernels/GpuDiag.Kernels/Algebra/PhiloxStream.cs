namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The successive draws of one key (seed, stream), counter 0, 1, 2, …: two uniforms per block. Pass it by reference. Host only.
/// </summary>
public struct PhiloxStream(ulong seed, ulong stream)
{
    private ulong counter;
    private ulong kept;
    private bool hasKept;

    /// <summary>The next uniform in (0, 1).</summary>
    public double NextUnit()
    {
        if (hasKept)
        {
            hasKept = false;
            return Philox4x32.UnitOpen(kept);
        }

        var block = Philox4x32.At(seed, stream, counter++);
        kept = block.Second;
        hasKept = true;
        return Philox4x32.UnitOpen(block.First);
    }
}
