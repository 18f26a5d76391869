using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Tests.Algebra;

/// <summary>One kernel per row function: row i of a row-major block, label i mod K.</summary>
internal static class RowKernels
{
    public static void Brier(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = RowSum.Of<ViewRow, Brier>(new ViewRow(values, i * classes), classes, i % classes);

    public static void Entropy(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = RowSum.Of<ViewRow, Entropy>(new ViewRow(values, i * classes), classes, i % classes);

    public static void Loss(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = LogLoss.Of(values[i * classes + i % classes]);

    public static void Order(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result)
    {
        var row = new ViewRow(values, i * classes);
        result[i] = RowOrder.ArgMax(row, classes) * 1000 + RowOrder.RankOfLabel(row, classes, i % classes);
    }

    public static void Margin(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = RowOrder.Margin(new ViewRow(values, i * classes), classes);

    public static void TemperLoss(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = At(i, values, classes).Loss;

    public static void TemperGradient(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = At(i, values, classes).Gradient;

    public static void TemperCurvature(Index1D i, ArrayView<double> values, int classes, ArrayView<double> result) =>
        result[i] = At(i, values, classes).Curvature;

    private static Temper At(Index1D i, ArrayView<double> values, int classes)
    {
        var row = new ViewRow(values, i * classes);
        return Temper.Of(row, classes, i % classes, row.At(RowOrder.ArgMax(row, classes)), 1.7);
    }

    private readonly struct ViewRow(ArrayView<double> values, int start) : IRow
    {
        private readonly ArrayView<double> values = values;
        private readonly int start = start;

        public double At(int k) => values[start + k];
    }
}
