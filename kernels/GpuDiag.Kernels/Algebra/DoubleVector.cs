using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Sums over vectors of doubles in the canonical order of <see cref="RowSum"/>: eight lanes, fused multiply-adds, one
/// tree. So linear algebra made of them has the same bits on every machine. Host only.
/// </summary>
public static unsafe class DoubleVector
{
    private const int Lanes = RowSum.Lanes;

    /// <summary>Σ aᵢ·bᵢ. Equal lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = Vector512<double>.Zero;
        var i = 0;
        for (; i + Lanes <= a.Length; i += Lanes)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[i..]), Vector512.Create(b[i..]), sum);
        for (var lane = 0; i < a.Length; i++, lane++)
            sum = sum.WithElement(lane, Math.FusedMultiplyAdd(a[i], b[i], sum.GetElement(lane)));
        return RowSum.Total(sum);
    }

    /// <summary>to += factor·from, each element by one fused multiply-add. Equal lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> from)
    {
        var factors = Vector512.Create(factor);
        var i = 0;
        for (; i + Lanes <= to.Length; i += Lanes)
            Vector512.FusedMultiplyAdd(factors, Vector512.Create(from[i..]), Vector512.Create((ReadOnlySpan<double>)to[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] = Math.FusedMultiplyAdd(factor, from[i], to[i]);
    }

    /// <summary>Each element times a factor.</summary>
    public static void Scale(Span<double> values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factor;
    }

    /// <summary>Σ (rowᵢ − meanᵢ)·axisᵢ: where a row of floats stands along an axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Project(float* row, ReadOnlySpan<double> mean, ReadOnlySpan<double> axis)
    {
        var sum = Vector512<double>.Zero;
        var i = 0;
        for (; i + Lanes <= mean.Length; i += Lanes)
        {
            var eight = Vector256.Load(row + i);
            var values = Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
            sum = Vector512.FusedMultiplyAdd(values - Vector512.Create(mean[i..]), Vector512.Create(axis[i..]), sum);
        }

        for (var lane = 0; i < mean.Length; i++, lane++)
            sum = sum.WithElement(lane, Math.FusedMultiplyAdd(row[i] - mean[i], axis[i], sum.GetElement(lane)));
        return RowSum.Total(sum);
    }
}
