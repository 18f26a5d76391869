namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// The one-to-one assignment of columns to rows with the greatest sum: the Hungarian method by shortest augmenting paths
/// (Jonker and Volgenant 1987), in integers, so exact. Time n³ at worst, n² where few columns want another row.
/// </summary>
internal static class Assignment
{
    /// <param name="gain">n × n, [row·n + column], each at most 2⁶²/(n + 1) in size.</param>
    /// <returns>The row of each column. Of equal sums one that keeps most columns with their own row.</returns>
    public static int[] Maximise(ReadOnlySpan<long> gain, int n)
    {
        // Rows and columns from 1; column 0 holds the row that is being placed.
        long[] cost = new long[n * n];
        for (int i = 0; i < cost.Length; i++)
        {
            cost[i] = -((gain[i] * (n + 1)) + (i / n == i % n ? 1 : 0));
        }

        long[] rowPrice = new long[n + 1], columnPrice = new long[n + 1], least = new long[n + 1];
        int[] rowOf = new int[n + 1], before = new int[n + 1];
        bool[] reached = new bool[n + 1];
        for (int row = 1; row <= n; row++)
        {
            Array.Fill(least, long.MaxValue);
            Array.Clear(reached);
            int column = 0;
            rowOf[0] = row;
            do
            {
                reached[column] = true;
                int from = rowOf[column], next = 0;
                long step = long.MaxValue;
                for (int j = 1; j <= n; j++)
                {
                    if (reached[j])
                    {
                        continue;
                    }

                    long reduced = cost[((from - 1) * n) + j - 1] - rowPrice[from] - columnPrice[j];
                    if (reduced < least[j])
                    {
                        (least[j], before[j]) = (reduced, column);
                    }

                    if (least[j] < step)
                    {
                        (step, next) = (least[j], j);
                    }
                }

                for (int j = 0; j <= n; j++)
                {
                    if (reached[j])
                    {
                        rowPrice[rowOf[j]] += step;
                        columnPrice[j] -= step;
                    }
                    else
                    {
                        least[j] -= step;
                    }
                }

                column = next;
            }
            while (rowOf[column] != 0);

            for (; column != 0; column = before[column])
            {
                rowOf[column] = rowOf[before[column]];
            }
        }

        return [.. rowOf.Skip(1).Select(r => r - 1)];
    }
}
