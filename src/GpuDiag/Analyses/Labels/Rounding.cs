namespace GpuDiag.Analyses.Labels;

/// <summary>Rounding of shares so that their sum is kept.</summary>
internal static class Rounding
{
    /// <summary>
    /// counts[i]·total / Σ counts as integers that sum to total: each to nearest, halves to even; then the entries that lost
    /// (or won) most by it move by one, as many as it takes; of equal ones the last wins and the first loses first. Exact.
    /// </summary>
    /// <param name="counts">At least 0, their sum at least 1.</param>
    /// <param name="total">At least 0.</param>
    public static long[] Scale(ReadOnlySpan<long> counts, long total)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        long[] whole = new long[counts.Length];
        Int128[] left = new Int128[counts.Length];
        long missing = total;
        for (int i = 0; i < counts.Length; i++)
        {
            Int128 scaled = (Int128)counts[i] * total;
            (Int128 floor, Int128 rest) = Int128.DivRem(scaled, sum);
            bool up = 2 * rest > sum || (2 * rest == sum && (floor & 1) == 1);
            whole[i] = (long)floor + (up ? 1 : 0);
            left[i] = rest - (up ? sum : 0);
            missing -= whole[i];
        }

        Settle(whole, left, missing);
        return whole;
    }

    /// <summary>The same of any numbers at least 0: the integers sum to their sum, rounded.</summary>
    public static long[] Settle(ReadOnlySpan<double> values)
    {
        long[] whole = new long[values.Length];
        double[] left = new double[values.Length];
        double sum = 0;
        long rounded = 0;
        for (int i = 0; i < values.Length; i++)
        {
            whole[i] = (long)Math.Round(values[i]);
            left[i] = values[i] - whole[i];
            sum += values[i];
            rounded += whole[i];
        }

        Settle(whole, left, (long)Math.Round(sum) - rounded);
        return whole;
    }

    private static void Settle<T>(long[] whole, T[] left, long missing)
        where T : IComparable<T>
    {
        while (missing != 0 && whole.Length > 0)
        {
            int step = Math.Sign(missing);
            IEnumerable<int> order = Enumerable.Range(0, whole.Length);
            order = step > 0 ? order.Reverse().OrderByDescending(i => left[i]) : order.OrderBy(i => left[i]);
            foreach (int i in order.Take((int)Math.Min(Math.Abs(missing), whole.Length)).ToArray())
            {
                whole[i] += step;
                missing -= step;
            }
        }
    }
}
