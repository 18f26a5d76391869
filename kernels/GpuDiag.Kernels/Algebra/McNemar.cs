namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Did two classifiers err equally often on the same rows? (McNemar, 1947.) Only the rows that exactly one of them has
/// right say anything. Host only.
/// </summary>
public static class McNemar
{
    /// <summary>Discordant rows from which the corrected test stands for the exact one.</summary>
    public const long ExactBelow = 25;

    /// <summary>Two-sided, given the discordant rows: each is the one or the other with probability ½. 1 without any.</summary>
    public static double Exact(long onlyBefore, long onlyAfter) =>
        Math.Min(1.0, 2.0 * Binomial.Cdf(Math.Min(onlyBefore, onlyAfter), onlyBefore + onlyAfter, 0.5));

    /// <summary>(|b − c| − 1)²/(b + c), Edwards' continuity correction (1948), by χ² with one degree of freedom. (0, 1) without discordant rows.</summary>
    public static (double Statistic, double PValue) Corrected(long onlyBefore, long onlyAfter)
    {
        var discordant = (double)onlyBefore + onlyAfter;
        if (discordant == 0.0)
            return (0.0, 1.0);

        var excess = Math.Abs((double)onlyBefore - onlyAfter) - 1.0;
        var statistic = excess * excess / discordant;
        return (statistic, Math.Min(1.0, 2.0 * Normal.Sf(Math.Sqrt(statistic))));
    }

    /// <summary>The exact test below <see cref="ExactBelow"/> discordant rows, else the corrected one.</summary>
    public static double PValue(long onlyBefore, long onlyAfter) =>
        onlyBefore + onlyAfter < ExactBelow ? Exact(onlyBefore, onlyAfter) : Corrected(onlyBefore, onlyAfter).PValue;
}
