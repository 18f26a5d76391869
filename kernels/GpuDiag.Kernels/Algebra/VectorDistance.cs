using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The canonical distance: what "nearest" means, to the bit, on every backend. Values of float32 widen to double
/// (exact); sums over the dimensions go in the order of <see cref="RowSum"/>: lane j (0 ≤ j &lt; 8) takes dimensions
/// j, j + 8, … by fused multiply-add, then the lanes add as ((0+4)+(2+6)) + ((1+5)+(3+7)). Host only; a device follows the
/// same order.
/// </summary>
/// <remarks>
/// Neighbours are ordered by a key, smaller is nearer: L2 the squared distance Σ(a−b)², cosine
/// max(0, 1 − a·b / √(|a|²|b|²)), inner product −a·b. With this form the key of a vector and itself is exactly 0 under L2
/// and cosine. Squares of floats cannot overflow a double, so a key is NaN only where a value is NaN or infinite, or
/// where cosine meets a vector of zeros.
/// </remarks>
public static unsafe class VectorDistance
{
    /// <summary>Σ aᵢ·bᵢ in the canonical order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(float* a, float* b, int width)
    {
        Vector512<double> sum = Vector512<double>.Zero;
        int i = 0;
        for (; i + 8 <= width; i += 8)
        {
            sum = Vector512.FusedMultiplyAdd(Widen(a + i), Widen(b + i), sum);
        }

        return RowSum.Total(i < width ? Vector512.FusedMultiplyAdd(WidenTail(a + i, width - i), WidenTail(b + i, width - i), sum) : sum);
    }

    /// <summary>Σ (aᵢ − bᵢ)² in the canonical order; each difference is rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Squared(float* a, float* b, int width)
    {
        Vector512<double> sum = Vector512<double>.Zero;
        int i = 0;
        for (; i + 8 <= width; i += 8)
        {
            Vector512<double> difference = Widen(a + i) - Widen(b + i);
            sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
        }

        if (i < width)
        {
            Vector512<double> difference = WidenTail(a + i, width - i) - WidenTail(b + i, width - i);
            sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
        }

        return RowSum.Total(sum);
    }

    /// <summary>
    /// The key by which neighbours are ordered; NaN when one of the vectors is excluded (<see cref="IsExcluded"/>).
    /// </summary>
    /// <param name="metric">L2, cosine or inner product.</param>
    /// <param name="a">Width values.</param>
    /// <param name="b">Width values.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="squaredA">|a|², as <see cref="Dot"/> of a with itself gives it.</param>
    /// <param name="squaredB">|b|², likewise.</param>
    public static double Key(VectorMetric metric, float* a, float* b, int width, double squaredA, double squaredB) => metric switch
    {
        VectorMetric.L2 => Squared(a, b, width),
        VectorMetric.Cosine => CosineKey(Dot(a, b, width), squaredA, squaredB),
        _ => -Dot(a, b, width),
    };

    /// <summary>max(0, 1 − dot / √(squaredA·squaredB)).</summary>
    public static double CosineKey(double dot, double squaredA, double squaredB)
    {
        double key = 1 - (dot / Math.Sqrt(squaredA * squaredB));
        return key < 0 ? 0 : key;
    }

    /// <summary>What a user reads: Euclidean distance, 1 − cosine, or the inner product.</summary>
    public static double FromKey(VectorMetric metric, double key) => metric switch
    {
        VectorMetric.L2 => Math.Sqrt(key),
        VectorMetric.Cosine => key,
        _ => -key,
    };

    /// <summary>No one's neighbour and without neighbours: a value is NaN or infinite or, under cosine, all are zero.</summary>
    public static bool IsExcluded(VectorMetric metric, double squared) =>
        !double.IsFinite(squared) || (metric == VectorMetric.Cosine && squared == 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen(float* p)
    {
        Vector256<float> eight = Vector256.Load(p);
        return Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
    }

    private static Vector512<double> WidenTail(float* p, int count)
    {
        Vector512<double> tail = Vector512<double>.Zero;
        for (int i = 0; i < count; i++)
        {
            tail = tail.WithElement(i, p[i]);
        }

        return tail;
    }
}
