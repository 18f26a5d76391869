using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>How much of a budget each cluster of failures gets.</summary>
internal static class Quotas
{
    /// <summary>
    /// Failures × the lower end of Wilson's 95 % interval of failures among rows: many failures weigh, and so does that a
    /// cluster surely fails often.
    /// </summary>
    public static double Severity(long failures, long rows) => failures * Wilson.Interval(failures, Math.Max(failures, rows)).Low;

    /// <summary>
    /// The budget in proportion to the severities: whole parts first, the rest by the largest remainders (Hamilton), the
    /// earlier of equal ones first.
    /// </summary>
    public static int[] Share(int budget, IReadOnlyList<double> severities)
    {
        double total = 0;
        foreach (double severity in severities)
        {
            total += severity;
        }

        double[] rest = new double[severities.Count];
        int[] quotas = new int[severities.Count];
        for (int i = 0; i < quotas.Length; i++)
        {
            double due = budget * (severities[i] / total);
            quotas[i] = (int)Math.Floor(due);
            rest[i] = due - quotas[i];
        }

        foreach (int i in Enumerable.Range(0, quotas.Length).OrderByDescending(i => rest[i]).Take(budget - quotas.Sum()))
        {
            quotas[i]++;
        }

        return quotas;
    }
}
