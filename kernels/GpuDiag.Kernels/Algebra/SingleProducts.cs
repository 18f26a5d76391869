using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The products of <see cref="LinearRows"/> in float32, sixteen classes to a panel: the same order, twice as many a second. For what only
/// shows the way to an optimum.
/// </summary>
public readonly unsafe struct SingleProducts : IRowProducts<float>
{
    /// <summary>Classes of a panel.</summary>
    internal const int ClassLanes = 16;

    private const int Dimensions = LinearRows.Lanes, NearPanels = 16, Together = 3;

    public static int Lanes => ClassLanes;

    public static float Of(double value) => (float)value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, ReadOnlySpan<int> chosen, int width, int size, float* to)
    {
        int whole = width / Dimensions, left = width - (whole * Dimensions), panels = LinearRows.Padded(width + 1) / Dimensions;
        for (int i = 0; i < chosen.Length; i++)
        {
            float* x = rows + ((long)chosen[i] * width), at = to + (i * Dimensions);
            for (int p = 0; p < whole; p++, at += size * Dimensions)
            {
                Vector256.Load(x + (p * Dimensions)).Store(at);
            }

            for (int j = 0; j < Dimensions; j++)
            {
                at[j] = j < left ? x[(whole * Dimensions) + j] : j == left ? 1 : 0;
            }
        }

        for (int p = 0; p < panels; p++)
        {
            new Span<float>(to + (((p * size) + chosen.Length) * Dimensions), (size - chosen.Length) * Dimensions).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Logits(float* packed, int size, int panels, float* weights, int classPanels, float* logits)
    {
        long step = (size + 1L) * ClassLanes, weightStep = (long)panels * Dimensions * ClassLanes;
        for (int k = 0; k < classPanels; k++)
        {
            new Span<float>(logits + (k * step), size * ClassLanes).Clear();
        }

        for (int k = 0; k < classPanels; k += Together)
        {
            int columns = Math.Min(Together, classPanels - k);
            for (int p = 0; p < panels; p += NearPanels)
            {
                int near = Math.Min(NearPanels, panels - p);
                float* w = weights + (k * weightStep) + (p * Dimensions * ClassLanes), x = packed + ((long)p * size * Dimensions), z = logits + (k * step);
                for (int i = 0; i < size; i += Dimensions)
                {
                    SingleTiles.Add<LinearTiles.RowsByDimension>(columns, x + (i * Dimensions), near, size * Dimensions, Dimensions, w, weightStep, z + (i * ClassLanes), step);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGradient(float* packed, int size, int panels, float* residuals, long residualStep, float* gradient, (int Dimension, int Class) from, (int Dimension, int Class) to)
    {
        long step = (long)panels * Dimensions * ClassLanes;
        for (int k = from.Class; k < to.Class; k += Together)
        {
            int columns = Math.Min(Together, to.Class - k);
            for (int p = from.Dimension; p < to.Dimension; p++)
            {
                SingleTiles.Add<LinearTiles.DimensionsByRow>(
                    columns, packed + ((long)p * size * Dimensions), 1, 0, size, residuals + (k * residualStep), residualStep, gradient + (k * step) + (p * Dimensions * ClassLanes), step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double* to, float* from, int count)
    {
        for (int i = 0; i < count; i += 8)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(from + i));
            (Vector256.Load(to + i) + low).Store(to + i);
            (Vector256.Load(to + i + 4) + high).Store(to + i + 4);
        }
    }
}
