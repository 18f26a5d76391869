using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Kernels.Algebra;

/// <summary>A row of doubles in memory that the caller keeps in place. Host only.</summary>
public readonly unsafe struct DoubleRow(double* values) : IVectorRow
{
    private readonly double* values = values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(int k) => values[k];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Load(int k) => Vector512.Load(values + k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> LoadTail(int k, int count)
    {
        if (Avx.IsSupported)
        {
            var wanted = Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();
            return Vector512.Create(Avx.MaskLoad(values + k, wanted.GetLower()), Avx.MaskLoad(values + k + 4, wanted.GetUpper()));
        }

        var tail = Vector512<double>.Zero;
        for (var i = 0; i < count; i++)
            tail = tail.WithElement(i, values[k + i]);
        return tail;
    }
}
