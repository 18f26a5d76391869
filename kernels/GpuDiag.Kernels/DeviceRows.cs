using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>A row of a matrix in device memory.</summary>
public interface IDeviceRow<TSelf> : IRow
    where TSelf : struct, IDeviceRow<TSelf>
{
    static abstract TSelf Of(ArrayView<byte> matrix, int row, int classes);
}

/// <summary>Floats, widened exactly.</summary>
public readonly struct SingleDeviceRow(ArrayView<float> values, long start) : IDeviceRow<SingleDeviceRow>
{
    public static SingleDeviceRow Of(ArrayView<byte> matrix, int row, int classes) => new(matrix.Cast<float>(), (long)row * classes);

    public double At(int k) => values[start + k];
}

/// <summary>Doubles.</summary>
public readonly struct DoubleDeviceRow(ArrayView<double> values, long start) : IDeviceRow<DoubleDeviceRow>
{
    public static DoubleDeviceRow Of(ArrayView<byte> matrix, int row, int classes) => new(matrix.Cast<double>(), (long)row * classes);

    public double At(int k) => values[start + k];
}
