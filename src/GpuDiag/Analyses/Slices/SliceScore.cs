namespace GpuDiag.Analyses.Slices;

/// <summary>
/// SliceLine's score of a slice (Sagadeeva and Boehm 2021): α·((sum/rows)/mean − 1) − (1 − α)·(n/rows − 1), and an upper
/// bound of the score of all that it contains.
/// </summary>
/// <param name="Rows">n: all rows that count.</param>
/// <param name="Sum">Of their values, in steps.</param>
/// <param name="Alpha">Weight of the value against the size, above 0, at most 1.</param>
/// <param name="LeastRows">σ: rows of a slice at least; at least 1.</param>
internal readonly record struct SliceScore(long Rows, long Sum, double Alpha, long LeastRows)
{
    // Far above what rounding does to a bound, far below what tells two scores apart.
    private const double Slack = 1e-9;

    private double Mean => (double)Sum / Rows;

    /// <summary>Of a slice with rows and a sum above 0.</summary>
    public double Of(long rows, long sum) => At(rows, sum);

    /// <summary>
    /// No slice with at least <see cref="LeastRows"/> rows, at most these rows, at most this sum and no row above
    /// <paramref name="most"/> scores higher. As a function of the rows s the score of the best such slice rises up to
    /// s = sum/most, then goes one way: so the largest is at that, at σ or at all rows. Minus infinity below σ.
    /// </summary>
    /// <remarks>With n the rows, as in the score. Published code has the number of one-hot columns there, which prunes far less.</remarks>
    public double Bound(long rows, long sum, long most)
    {
        if (rows < LeastRows || sum <= 0)
        {
            return double.NegativeInfinity;
        }

        double knee = Math.Clamp((double)sum / most, LeastRows, rows);
        double bound = Math.Max(Math.Max(Best(LeastRows, sum, most), Best(knee, sum, most)), Best(rows, sum, most));
        return bound + (Slack * (1 + Math.Abs(bound)));
    }

    private double Best(double rows, long sum, long most) => At(rows, Math.Min(rows * most, sum));

    private double At(double rows, double sum) => (Alpha * ((sum / rows / Mean) - 1)) - ((1 - Alpha) * ((Rows / rows) - 1));
}
