using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Which rows of probabilities count. A row with a NaN entry is excluded as NaN; else a row with an entry outside [0, 1]
/// by more than <see cref="Tolerance"/> is excluded as out of range; the others are valid, and those whose
/// <see cref="Mass"/> is off by more than the tolerance are counted apart. Compiles on every ILGPU backend.
/// </summary>
public static class RowRule
{
    public const double Tolerance = 1e-3;

    /// <summary>The smallest valid entry.</summary>
    public const double Least = -Tolerance;

    /// <summary>The largest valid entry.</summary>
    public const double Most = 1.0 + Tolerance;

    /// <summary>Whether an entry is a number from <see cref="Least"/> to <see cref="Most"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid(double p) => p >= Least && p <= Most;

    /// <summary>Whether the mass of a valid row is off by more than the tolerance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBadMass(double mass)
    {
        double off = Deterministic.Sub(mass, 1.0);
        return off > Tolerance || off < -Tolerance;
    }
}
