using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Random Fourier features of unit vectors: cos and sin of w·x for frequencies w drawn from normal distributions of four widths (Rahimi and
/// Recht 2007). Means of them determine a distribution, so differences of any kind show in them. Drawn by key, so that they are the same everywhere.
/// </summary>
internal sealed class FourierFeatures
{
    public const int Frequencies = 32;

    /// <summary>A cosine and a sine of each frequency.</summary>
    public const int Count = 2 * Frequencies;

    private const ulong Seed = 0x6464_7269_6674;

    /// <summary>Standard deviations of w·x for a unit vector x; distances of unit vectors are at most 2.</summary>
    private static readonly double[] Widths = [1, 2, 4, 8];

    private readonly float[] frequencies;
    private readonly int width;

    public FourierFeatures(int width)
    {
        this.width = width;
        frequencies = new float[Frequencies * width];
        for (int j = 0; j < Frequencies; j++)
        {
            PhiloxStream draw = new(Seed, (ulong)j);
            for (int i = 0; i < width; i++)
            {
                frequencies[(j * width) + i] = (float)(Widths[j % Widths.Length] * Normal.Quantile(draw.NextUnit()));
            }
        }
    }

    /// <summary>The features of vector / norm, in [−1, 1].</summary>
    /// <param name="vector">Width values, finite.</param>
    /// <param name="norm">Its norm, above 0.</param>
    /// <param name="features">Receives <see cref="Count"/> values: cosine and sine of each frequency in turn.</param>
    public unsafe void Of(float* vector, double norm, Span<double> features)
    {
        fixed (float* w = frequencies)
        {
            for (int j = 0; j < Frequencies; j++)
            {
                (double sin, double cos) = Trigonometry.SinCos(VectorDistance.Dot(w + ((nint)j * width), vector, width) / norm);
                features[2 * j] = cos;
                features[(2 * j) + 1] = sin;
            }
        }
    }
}
