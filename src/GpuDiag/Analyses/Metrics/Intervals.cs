using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Metrics;

/// <summary>Values with their 95 % intervals, by the methods of docs/intervals.md. Undefined when there is nothing to divide by.</summary>
internal static class Intervals
{
    /// <summary>A share of rows, with Wilson's interval.</summary>
    public static Estimate Proportion(long successes, long rows)
    {
        if (rows == 0)
        {
            return Estimate.Undefined;
        }

        (double low, double high) = Wilson.Interval(successes, rows);
        return new Estimate((double)successes / rows, low, high);
    }

    /// <summary>
    /// The difference of two shares of different rows, a − b, with Newcombe's interval (1998, method 10) from Wilson's of
    /// each. Undefined where either has no rows.
    /// </summary>
    public static Estimate Difference(long a, long aRows, long b, long bRows, double z = Wilson.Z95)
    {
        if (aRows == 0 || bRows == 0)
        {
            return Estimate.Undefined;
        }

        (double aLow, double aHigh) = Wilson.Interval(a, aRows, z);
        (double bLow, double bHigh) = Wilson.Interval(b, bRows, z);
        double left = (double)a / aRows, right = (double)b / bRows, difference = left - right;
        double down = ((left - aLow) * (left - aLow)) + ((bHigh - right) * (bHigh - right));
        double up = ((aHigh - left) * (aHigh - left)) + ((right - bLow) * (right - bLow));
        return new Estimate(difference, difference - Math.Sqrt(down), difference + Math.Sqrt(up));
    }

    /// <summary>
    /// A share of rows under scikit-learn's zero_division = 0: the value is 0 without rows, and has no interval then.
    /// </summary>
    public static Estimate ProportionOrZero(long successes, long rows) => rows == 0 ? new Estimate(0) : Proportion(successes, rows);

    /// <summary>
    /// F1 = 2J/(1 + J), increasing in J = hits/(support + predicted − hits), which is a proportion: Wilson's interval of
    /// J, carried over. Undefined for a class that does not occur.
    /// </summary>
    public static Estimate F1(long hits, long support, long predicted)
    {
        if (support + predicted == 0)
        {
            return new Estimate(0);
        }

        (double low, double high) = Wilson.Interval(hits, support + predicted - hits);
        return new Estimate(2.0 * hits / (support + predicted), 2 * low / (1 + low), 2 * high / (1 + high));
    }

    /// <summary>The mean of per-row values that are at least 0, with the normal interval of their sample variance (two rows or more).</summary>
    /// <param name="squares">The sum of squares in units of 1/<paramref name="squareScale"/>.</param>
    public static Estimate Mean(FixedSum sum, FixedSum squares, double squareScale, long rows)
    {
        if (rows == 0)
        {
            return Estimate.Undefined;
        }

        double total = sum.ToDouble(), mean = total / rows;
        if (rows == 1)
        {
            return new Estimate(mean);
        }

        double variance = Math.Max(0, ((squares.ToDouble() / squareScale) - (total * mean)) / (rows - 1));
        return Normal(mean, Math.Sqrt(variance / rows), 0, double.PositiveInfinity);
    }

    /// <summary>A normal interval clipped to the range of the value; no interval when the error is NaN, undefined when the value is.</summary>
    public static Estimate Normal(double value, double error, double least, double most) =>
        double.IsNaN(value) ? Estimate.Undefined
        : double.IsNaN(error) ? new Estimate(value)
        : new Estimate(value, Math.Max(least, value - (Wilson.Z95 * error)), Math.Min(most, value + (Wilson.Z95 * error)));
}
