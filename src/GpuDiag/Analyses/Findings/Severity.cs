namespace GpuDiag.Analyses.Findings;

/// <summary>How bad a finding is.</summary>
internal static class Severity
{
    public const string High = "high", Medium = "medium", Low = "low";

    /// <summary>Most severe first.</summary>
    public static readonly string[] Order = [High, Medium, Low];

    /// <summary>By two thresholds.</summary>
    public static string Of(double value, double medium, double high) => value >= high ? High : value >= medium ? Medium : Low;
}
