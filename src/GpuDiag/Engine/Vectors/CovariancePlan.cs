using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// How values become integers whose products add exactly: q = (x − Shift)·Scale, rounded (<see cref="FixedGrid"/>).
/// </summary>
/// <param name="Shift">Per dimension; finite, near the middle of its values.</param>
/// <param name="Scale">Per dimension; a power of two, such that |q| ≤ 2^21 for every value.</param>
/// <param name="Threads">Threads that one Accept may use. Changes the time only.</param>
public sealed record CovariancePlan(double[] Shift, double[] Scale, int Threads)
{
    /// <summary>Magnitude of a quantised value in bits; a product of two has twice as many, and 2^11 of those fit a double exactly.</summary>
    public const int Bits = 21;

    /// <summary>Larger magnitudes, which a plan made for the data never meets, count as this.</summary>
    public const double Largest = 1 << Bits;

    public int Width => Shift.Length;

    /// <summary>
    /// Centred at the middle of each dimension's range and as fine as |q| ≤ 2^21 allows. A step is then at most 2^−20 of
    /// half the range, so the covariance of n rows is off by about 2^−21·half range·σ/√n: some 1e-9 of the variance for a
    /// million rows that fill their range evenly, and more where one row lies far from the others.
    /// </summary>
    public static CovariancePlan For(VectorRange range, int threads)
    {
        ArgumentNullException.ThrowIfNull(range);
        double[] shift = new double[range.Width], scale = new double[range.Width];
        for (int i = 0; i < shift.Length; i++)
        {
            (double low, double high) = (range.Low[i], range.High[i]);
            shift[i] = (low / 2) + (high / 2);
            scale[i] = Math.ScaleB(1, FixedGrid.Exponent(Math.Max(high - shift[i], shift[i] - low), Bits));
        }

        return new CovariancePlan(shift, scale, threads);
    }
}
