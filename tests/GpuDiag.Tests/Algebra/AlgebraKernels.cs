using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Tests.Algebra;

/// <summary>One kernel per primitive, for the tests that compile or simulate them.</summary>
internal static class AlgebraKernels
{
    public static void Arithmetic(Index1D i, ArrayView<double> x, ArrayView<double> result) => result[i] = Mix(x[i]);

    public static void Log(Index1D i, ArrayView<double> x, ArrayView<double> result) => result[i] = Deterministic.Log(x[i]);

    public static void Exp(Index1D i, ArrayView<double> x, ArrayView<double> result) => result[i] = Deterministic.Exp(x[i]);

    public static void Quantize(Index1D i, ArrayView<double> x, ArrayView<double> result) => result[i] = FixedSum.Quantize(x[i]);

    public static void Philox(Index1D i, ArrayView<double> x, ArrayView<double> result) =>
        result[i] = Philox4x32.UnitOpen(Philox4x32.At(7, 11, Interop.FloatAsInt(x[i])).First);

    public static void PlainOperators(Index1D i, ArrayView<double> x, ArrayView<double> result) => result[i] = x[i] * x[i] + 1.0;

    public static double Mix(double x)
    {
        var square = Deterministic.Mul(x, x);
        var sum = Deterministic.Add(square, Deterministic.Fma(x, 0.1, 3.0));
        return Deterministic.Div(Deterministic.Sub(sum, x), Deterministic.Add(x, 0.3));
    }
}
