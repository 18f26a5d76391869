namespace GpuDiag.Analyses.Results;

/// <summary>A figure with its 95 % interval; null where undefined. JSON: <c>{value, low, high}</c>.</summary>
/// <param name="Bound">How far the value may be from the exact one; null or 0 when it is exact.</param>
public readonly record struct Estimate(double? Value, double? Low = null, double? High = null, double? Bound = null)
{
    public static Estimate Undefined => default;
}
