using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Kernels;

/// <summary>Which rows of probabilities are excluded: those with a NaN entry, or an entry outside [0, 1] by more than 1e-3.</summary>
public static class RowGuard
{
    public const int NaN = 1;
    public const int OutOfRange = 2;
    public const double Tolerance = 1e-3;

    /// <summary>The faults of one entry, as bits.</summary>
    public static int Faults(double p) =>
        (double.IsNaN(p) ? NaN : 0) | ((p > 1.0 + Tolerance) | (p < -Tolerance) ? OutOfRange : 0);

    /// <summary>The faults in one lane's columns.</summary>
    public static int Lane<TRow>(TRow row, int classes, int lane, int lanes)
        where TRow : struct, IRow
    {
        int faults = 0;
        for (int k = lane; k < classes; k += lanes)
        {
            faults |= Faults(row.At(k));
        }

        return faults;
    }
}
