using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuDiag.Kernels.Algebra;

/// <summary>One double. The form that kernels and scalar tails use; compiles on every ILGPU backend.</summary>
public readonly struct Lanes1(double value) : ILanes<Lanes1>
{
    public double Value { get; } = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Of(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Fma(Lanes1 a, Lanes1 b, Lanes1 c) => new(Deterministic.Fma(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Mul(Lanes1 a, Lanes1 b) => new(Deterministic.Mul(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Add(Lanes1 a, Lanes1 b) => new(Deterministic.Add(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sub(Lanes1 a, Lanes1 b) => new(Deterministic.Sub(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Div(Lanes1 a, Lanes1 b) => new(Deterministic.Div(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 IfLess(Lanes1 a, Lanes1 b, Lanes1 then, Lanes1 otherwise) =>
        new(a.Value < b.Value ? then.Value : otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AddBits(Lanes1 x, long value) => FromBits(ToBits(x) + (ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AndBits(Lanes1 x, long mask) => FromBits(ToBits(x) & (ulong)mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 OrBits(Lanes1 x, long mask) => FromBits(ToBits(x) | (ulong)mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftLeftBits(Lanes1 x, int count) => FromBits(ToBits(x) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftRightBits(Lanes1 x, int count) => FromBits(ToBits(x) >> count);

    // Interop is the bit cast that ILGPU maps on every backend.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ToBits(Lanes1 x) => Interop.FloatAsInt(x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1 FromBits(ulong bits) => new(Interop.IntAsFloat(bits));
}
