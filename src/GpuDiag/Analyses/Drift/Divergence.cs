using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Drift;

/// <summary>Terms of the divergences between two sets of shares, in nats.</summary>
internal static class Divergence
{
    /// <summary>(q − p)·ln(q/p), a share of 0 taken as <see cref="NumberComparison.LeastShare"/>: the population stability index is their sum.</summary>
    public static double StabilityTerm(double p, double q)
    {
        double a = Math.Max(p, NumberComparison.LeastShare), b = Math.Max(q, NumberComparison.LeastShare);
        return (b - a) * (Deterministic.Log(b) - Deterministic.Log(a));
    }

    /// <summary>½(p·ln(p/m) + q·ln(q/m)) with m = (p + q)/2: the Jensen–Shannon divergence is their sum.</summary>
    public static double JensenTerm(double p, double q)
    {
        double middle = 0.5 * (p + q);
        return 0.5 * (Relative(p, middle) + Relative(q, middle));

        static double Relative(double share, double of) => share > 0 ? share * Deterministic.Log(share / of) : 0;
    }

    /// <summary>The Jensen–Shannon distance, √divergence: 0 of equal shares, √ln 2 = 0.83 of shares without a value in common.</summary>
    public static double Distance(double divergence) => Math.Sqrt(Math.Max(0, divergence));
}
