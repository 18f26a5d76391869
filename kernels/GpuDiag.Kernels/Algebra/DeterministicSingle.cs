using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>Single-precision arithmetic that rounds exactly once, as <see cref="Deterministic"/> does for doubles.</summary>
public static class DeterministicSingle
{
    /// <summary>a·b + c, rounded once, to nearest, ties to even.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>a + b, rounded once, never fused with what precedes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => Fma(1, a, b);
}
