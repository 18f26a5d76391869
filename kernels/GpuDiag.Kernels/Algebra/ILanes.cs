namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// One or more doubles computed side by side, so that a formula is written once and runs as scalar code on a GPU and as
/// vector code on a CPU with the same bits in every lane. Each arithmetic member rounds once, to nearest, ties to even.
/// The members ending in Bits work on the 64-bit pattern of each lane.
/// </summary>
public interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Mul(TSelf a, TSelf b);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Sub(TSelf a, TSelf b);

    static abstract TSelf Div(TSelf a, TSelf b);

    /// <summary>
    /// Per lane: a &lt; b ? then : otherwise. A NaN on either side takes otherwise. Never pass a constant as a: ILGPU
    /// 1.5.3 then swaps the operands and compares unordered, so that on a GPU a NaN would take then.
    /// </summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    static abstract TSelf AddBits(TSelf x, long value);

    static abstract TSelf AndBits(TSelf x, long mask);

    static abstract TSelf OrBits(TSelf x, long mask);

    static abstract TSelf ShiftLeftBits(TSelf x, int count);

    /// <summary>Logical shift: zeros come in.</summary>
    static abstract TSelf ShiftRightBits(TSelf x, int count);
}
