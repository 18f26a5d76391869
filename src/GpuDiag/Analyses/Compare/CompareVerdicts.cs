using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// From an interval of after − before to a verdict: better if it lies above 0, not worse if above −margin, worse if below 0,
/// else nothing can be told. A group among many is better or worse only with a q-value of at most 5 % too.
/// </summary>
internal static class CompareVerdicts
{
    private const double Level = 0.05;

    public static CompareVerdict Of(Estimate delta, double margin) => Of(delta, margin, 0);

    /// <param name="delta">With its 95 % interval.</param>
    /// <param name="margin">0 or more.</param>
    /// <param name="q">Null: not tested, so neither better nor worse.</param>
    public static CompareVerdict Of(Estimate delta, double margin, double? q) =>
        delta is not { Low: double low, High: double high } ? CompareVerdict.CannotTell
        : low > 0 && q <= Level ? CompareVerdict.Better
        : low >= -margin ? CompareVerdict.NotWorse
        : high < 0 && q <= Level ? CompareVerdict.Worse
        : CompareVerdict.CannotTell;
}
