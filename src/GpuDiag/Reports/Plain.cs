using System.Globalization;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>Numbers and names as people read them on a terminal: the same text under every culture.</summary>
internal static class Plain
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Four digits after the point; <c>–</c> where undefined.</summary>
    public static string Figure(double? value)
        => value is double v ? (Math.Abs(v) < 0.00005 ? 0 : v).ToString("0.0000", CultureInfo.InvariantCulture) : "–"; // no "-0.0000"

    public static string Percent(long part, long whole) => (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    public static string Probability(double? value)
        => value is not double v ? "–" : v < 0.0001 && v > 0 ? v.ToString("0.0e+0", CultureInfo.InvariantCulture) : Figure(v);

    /// <summary>A number of any size in five significant digits.</summary>
    public static string Magnitude(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    public static string Interval(Estimate estimate)
        => estimate is { Low: double low, High: double high } ? $"{Figure(low)} – {Figure(high)}" : "";

    /// <summary>
    /// A name from the data, on one line and at most so wide. Control characters, which could command a terminal,
    /// become <c>·</c>.
    /// </summary>
    public static string Name(string name, int width = int.MaxValue)
    {
        string safe = string.Concat(name.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '·' : c));
        if (safe.Length <= width)
            return safe;
        int cut = width - 1;
        if (char.IsHighSurrogate(safe[cut - 1]))
            cut--; // Half a character is none.
        return safe[..cut] + "…";
    }

    /// <summary>Words in lines of at most <paramref name="width"/>.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        if (line.Length > 0)
            yield return line;
    }
}
