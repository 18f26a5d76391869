using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Two sets of embeddings by the means of their random Fourier features: Hotelling's T², which is the test of smoothed characteristic functions (Chwialkowski
/// et al. 2015), and how well a linear classifier on these features would tell the sides apart.
/// </summary>
internal sealed class VectorComparison
{
    /// <summary>Of the greatest variance: a feature whose variance beyond the others is below is left out.</summary>
    private const double LeastVariance = 1e-9;

    /// <param name="reference">Vectors of the same width as the others, at least 2.</param>
    /// <param name="current">Likewise.</param>
    public VectorComparison(VectorTally reference, VectorTally current)
    {
        double n = reference.Count, m = current.Count, degrees = n + m - 2, apart = 0;
        double[] difference = [.. Enumerable.Range(0, FourierFeatures.Count).Select(f => current.FeatureMean(f) - reference.FeatureMean(f))];
        (double distance, int rank) = Mahalanobis(difference, (a, b) => (((n - 1) * reference.Covariance(a, b)) + ((m - 1) * current.Covariance(a, b))) / degrees);
        Rank = rank;
        Statistic = distance * (n * m / (n + m));
        PValue = rank == 0 || degrees <= rank ? null : Tail(Statistic, rank, degrees);
        // Chance alone gives rank·(1/n + 1/m).
        double unbiased = Math.Max(0, (distance * Math.Max(0, degrees - rank - 1) / degrees) - (rank * ((1 / n) + (1 / m))));
        Auc = Normal.Cdf(Math.Sqrt(unbiased / 2));
        for (int d = 0; d < reference.Width; d++)
        {
            double shift = current.Mean(d) - reference.Mean(d);
            apart += shift * shift;
        }

        MeanShift = Math.Sqrt(apart);
    }

    /// <summary>Hotelling's T².</summary>
    public double Statistic { get; }

    /// <summary>Features that vary, each beyond what the others tell.</summary>
    public int Rank { get; }

    /// <summary>Null where there are too few vectors for so many features, or none varies.</summary>
    public double? PValue { get; }

    /// <summary>Area under the curve of the best linear classifier of the features, if they were normal; 0.5: the sides look alike.</summary>
    public double Auc { get; }

    /// <summary>Length of the difference of the mean directions, 0 to 2.</summary>
    public double MeanShift { get; }

    /// <summary>T²·(N − p + 1)/(pN) is F with p and N − p + 1 degrees of freedom; χ² with p where N is large.</summary>
    private static double Tail(double statistic, int rank, double degrees) => degrees > 1e5
        ? ChiSquared.Sf(statistic, rank)
        : Beta.Regularized(0.5 * (degrees - rank + 1), 0.5 * rank, 1 / (1 + (statistic / degrees)));

    /// <summary>dᵀS⁻¹d by Cholesky's method in the order of the features; those that vary too little beyond the ones before are left out.</summary>
    private static (double Squared, int Rank) Mahalanobis(double[] difference, Func<int, int, double> covariance)
    {
        int n = difference.Length, rank = 0;
        double[,] factor = new double[n, n];
        double[] solved = new double[n];
        bool[] kept = new bool[n];
        double greatest = Enumerable.Range(0, n).Max(i => covariance(i, i)), squared = 0;
        for (int i = 0; i < n; i++)
        {
            double value = difference[i], variance = covariance(i, i);
            for (int j = 0; j < i; j++)
            {
                if (!kept[j])
                {
                    continue;
                }

                double element = covariance(i, j);
                for (int k = 0; k < j; k++)
                {
                    element -= factor[i, k] * factor[j, k];
                }

                factor[i, j] = element / factor[j, j];
                variance -= factor[i, j] * factor[i, j];
                value -= factor[i, j] * solved[j];
            }

            if (variance <= LeastVariance * greatest || greatest == 0)
            {
                Array.Clear(solved, i, 1);
                for (int k = 0; k < i; k++)
                {
                    factor[i, k] = 0;
                }

                continue;
            }

            kept[i] = true;
            factor[i, i] = Math.Sqrt(variance);
            solved[i] = value / factor[i, i];
            squared += solved[i] * solved[i];
            rank++;
        }

        return (squared, rank);
    }
}
