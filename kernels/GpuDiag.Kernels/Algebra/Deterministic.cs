using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ILGPU.IR.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Double arithmetic with one meaning on every machine: each call rounds exactly once, to nearest, ties to even, and no
/// compiler may fuse two of them. Kernels and every per-row function that feeds a state use these instead of the
/// operators, which a GPU compiler is free to contract. NaN results carry no promise about their payload.
/// </summary>
/// <remarks>
/// A context that compiles kernels calling these must be built with <see cref="DeterministicIntrinsics.Register"/>.
/// </remarks>
public static class Deterministic
{
    /// <summary>a·b + c, rounded once.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Fma(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    /// <summary>a·b, rounded once, never fused with what follows.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Mul(double a, double b) => a * b;

    /// <summary>a + b, rounded once, never fused with what precedes.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b) => a + b;

    /// <summary>a − b, rounded once, never fused with what precedes.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sub(double a, double b) => a - b;

    /// <summary>a / b, rounded once (never the fast reciprocal).</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Div(double a, double b) => a / b;

    /// <summary>
    /// Natural logarithm, error below 0.8 ulp. ±0 → −∞, negative → NaN, +∞ → +∞, NaN → NaN; subnormals are exact inputs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x) => Elementary.Log(new Lanes1(x)).Value;

    /// <summary>Four natural logarithms, each with the bits of <see cref="Log(double)"/>. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x) => Elementary.Log(new Lanes4(x)).Value;

    /// <summary>Eight natural logarithms, each with the bits of <see cref="Log(double)"/>. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => Elementary.Log(new Lanes8(x)).Value;

    /// <summary>
    /// e^x, error below 0.7 ulp for normal results and below 1 ulp for subnormal ones (underflow is gradual).
    /// Above 709.79 → +∞, below −745.14 → 0, NaN → NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exp(double x) => Elementary.Exp(new Lanes1(x)).Value;

    /// <summary>Four exponentials, each with the bits of <see cref="Exp(double)"/>. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x) => Elementary.Exp(new Lanes4(x)).Value;

    /// <summary>Eight exponentials, each with the bits of <see cref="Exp(double)"/>. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x) => Elementary.Exp(new Lanes8(x)).Value;
}
