using System.Globalization;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>Causes and actions for people.</summary>
internal static class CausesSummary
{
    private const int ShownActions = 8;

    /// <summary>Name, errors, share of the errors and meaning of each cause that has errors.</summary>
    public static IEnumerable<string> Lines(CauseResult causes)
        => causes.Causes.Where(c => c.Errors > 0).Select(c => $"  {c.Cause,-24}{Plain.Count(c.Errors),10}{Plain.Percent(c.Errors, causes.Errors),10}   {c.Meaning}");

    /// <summary>What each action gains, its kind, and what it is about; then how to start.</summary>
    public static IEnumerable<(string Head, string Body)> Actions(IReadOnlyList<ActionResult> actions)
        => actions.Take(ShownActions).Select(a => ($"{Gain(a.Gain),-26}{a.Action,-20}", a.Title));

    /// <summary>In percentage points of accuracy.</summary>
    private static string Gain(Estimate gain)
        => gain.High is null ? "" : gain.Value is double value ? $"{Points(value)} ({Points(gain.Low)} to {Points(gain.High)})" : $"up to {Points(gain.High)}";

    private static string Points(double? share) => (100 * share!.Value).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
