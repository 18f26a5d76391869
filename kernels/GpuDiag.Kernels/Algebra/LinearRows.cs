using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Products of rows with the weights of a linear classifier, in one order on every machine: sums over dimensions, and over
/// rows, go from the first to the last by fused multiply-adds, each class on its own; so neither register width nor how work is
/// shared among threads shows in a bit. Values of float32 widen to double (exact). Host only.
/// </summary>
/// <remarks>
/// A matrix is cut into panels of <see cref="Lanes"/> columns, each panel row by row: weights and gradients in panels of classes with a row for
/// each dimension, packed rows in panels of dimensions with a row for each row, logits in panels of classes with a row for each row.
/// Dimension D is the bias, with x = 1; counts are rounded up to whole panels, and what is beyond is 0 throughout.
/// </remarks>
public static unsafe class LinearRows
{
    /// <summary>Columns of a panel.</summary>
    public const int Lanes = 8;

    /// <summary>Panels whose share of the weights stays near the core while rows go by; changes the time only.</summary>
    private const int NearPanels = 16, Columns = 3;

    /// <summary>A count rounded up to whole panels.</summary>
    public static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Doubles from panel to panel of logits for so many rows: one row more, so that panels do not meet in a cache.</summary>
    public static int LogitStep(int rows) => (rows + 1) * Lanes;

    /// <summary>Packs some rows.</summary>
    /// <param name="rows">Rows of D values.</param>
    /// <param name="chosen">Numbers of the rows to pack.</param>
    /// <param name="width">D.</param>
    /// <param name="size">Rows of a panel, a multiple of <see cref="Lanes"/>, at least as many as are chosen; the others are 0.</param>
    /// <param name="to">Panels of D + 1 dimensions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, ReadOnlySpan<int> chosen, int width, int size, double* to)
    {
        int whole = width / Lanes;
        for (int i = 0; i < chosen.Length; i++)
        {
            float* x = rows + ((long)chosen[i] * width);
            double* at = to + (i * Lanes);
            for (int p = 0; p < whole; p++, at += size * Lanes)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(x + (p * Lanes)));
                low.Store(at);
                high.Store(at + 4);
            }

            int left = width - (whole * Lanes);
            for (int j = 0; j < Lanes; j++)
            {
                at[j] = j < left ? x[(whole * Lanes) + j] : j == left ? 1 : 0;
            }
        }

        int panels = Padded(width + 1) / Lanes;
        for (int p = 0; p < panels; p++)
        {
            new Span<double>(to + (((p * size) + chosen.Length) * Lanes), (size - chosen.Length) * Lanes).Clear();
        }
    }

    /// <summary>Logits of packed rows: z[i, k] = Σ_d x[i, d] · w[d, k].</summary>
    /// <param name="packed">Panels of dimensions.</param>
    /// <param name="size">Rows of a panel.</param>
    /// <param name="panels">Panels of dimensions.</param>
    /// <param name="weights">Panels of classes.</param>
    /// <param name="classPanels">Panels of classes.</param>
    /// <param name="logits">Panels of classes, <see cref="LogitStep"/> apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Logits(double* packed, int size, int panels, double* weights, int classPanels, double* logits)
    {
        long step = LogitStep(size), weightStep = (long)panels * Lanes * Lanes;
        for (int k = 0; k < classPanels; k++)
        {
            new Span<double>(logits + (k * step), size * Lanes).Clear();
        }

        for (int k = 0; k < classPanels; k += Columns)
        {
            int columns = Math.Min(Columns, classPanels - k);
            for (int p = 0; p < panels; p += NearPanels)
            {
                int near = Math.Min(NearPanels, panels - p);
                double* w = weights + (k * weightStep) + (p * Lanes * Lanes);
                double* x = packed + ((long)p * size * Lanes), z = logits + (k * step);
                for (int i = 0; i < size; i += Lanes)
                {
                    LinearTiles.Add<LinearTiles.RowsByDimension>(columns, x + (i * Lanes), near, size * Lanes, Lanes, w, weightStep, z + (i * Lanes), step);
                }
            }
        }
    }

    /// <summary>Adds to some panels of a gradient: g[d, k] += Σ_i x[i, d] · r[i, k], the rows in their order.</summary>
    /// <param name="packed">Panels of dimensions.</param>
    /// <param name="size">Rows of a panel.</param>
    /// <param name="panels">Panels of dimensions.</param>
    /// <param name="residuals">Panels of classes.</param>
    /// <param name="residualStep">From panel to panel of residuals.</param>
    /// <param name="gradient">Panels of classes.</param>
    /// <param name="from">The first panel of dimensions and of classes to add to.</param>
    /// <param name="to">Behind the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGradient(double* packed, int size, int panels, double* residuals, long residualStep, double* gradient, (int Dimension, int Class) from, (int Dimension, int Class) to)
    {
        long step = (long)panels * Lanes * Lanes;
        for (int k = from.Class; k < to.Class; k += Columns)
        {
            int columns = Math.Min(Columns, to.Class - k);
            for (int p = from.Dimension; p < to.Dimension; p++)
            {
                LinearTiles.Add<LinearTiles.DimensionsByRow>(
                    columns, packed + ((long)p * size * Lanes), 1, 0, size, residuals + (k * residualStep), residualStep, gradient + (k * step) + (p * Lanes * Lanes), step);
            }
        }
    }
}
