using System.Globalization;

namespace GpuDiag.Analyses.Findings;

/// <summary>Builds the evidence of a finding, and says shares for people.</summary>
internal static class Evidence
{
    /// <summary>Figures and names, kept in this order.</summary>
    public static IReadOnlyDictionary<string, object?> Of(params (string Name, object? Value)[] parts)
    {
        OrderedDictionary<string, object?> evidence = [];
        foreach ((string name, object? value) in parts)
        {
            evidence.Add(name, value);
        }

        return evidence;
    }

    /// <summary>0.8312 → "83.1 %".</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>12345 → "12,345".</summary>
    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>"1 row", "2 rows".</summary>
    public static string Rows(long count) => count == 1 ? "1 row" : Number(count) + " rows";
}
