using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Kernels.Algebra;

/// <summary>A row of floats in memory that the caller keeps in place. Host only.</summary>
public readonly unsafe struct FloatRow(float* values) : IVectorRow
{
    private readonly float* values = values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(int k) => values[k];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Load(int k) => Widen(Vector256.Load(values + k));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> LoadTail(int k, int count)
    {
        if (Avx.IsSupported)
            return Widen(Avx.MaskLoad(values + k, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle()));

        var tail = Vector512<double>.Zero;
        for (var i = 0; i < count; i++)
            tail = tail.WithElement(i, values[k + i]);
        return tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen(Vector256<float> eight)
    {
        var (low, high) = Vector256.Widen(eight);
        return Vector512.Create(low, high);
    }
}
