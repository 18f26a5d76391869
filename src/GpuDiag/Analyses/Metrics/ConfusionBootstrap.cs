using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The row bootstrap of a confusion matrix, without its rows: to draw n rows with replacement is to draw a multinomial
/// over the cells, so the cost does not depend on n; where there are few rows to a cell, drawing the rows themselves is
/// cheaper and is done. Replicate r of a table draws from a random stream keyed by (seed,
/// stream, r), so the interval depends on the table alone, not on threads. Interval = 2.5 and 97.5 percentiles.
/// </summary>
/// <param name="stream">Names the table; different tables draw independently.</param>
internal sealed class ConfusionBootstrap(ulong seed, ulong stream, int threads)
{
    public const int Replicates = 1000;

    /// <summary>A cell's binomial costs about as much as this many rows.</summary>
    private const int RowsPerCell = 8;

    private readonly ulong key = Philox4x32.At(seed, stream, 0).First;

    /// <summary>A stable name of a table as a stream: FNV-1a of its UTF-16 text.</summary>
    public static ulong Stream(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }

    /// <summary>
    /// Per <see cref="ConfusionStatistic"/>. A replicate in which a statistic is undefined is left out of it; NaN when
    /// all are.
    /// </summary>
    public (double Low, double High)[] Intervals(ConfusionMatrix matrix)
    {
        double[] values = new double[ConfusionStatistics.Count * Replicates];
        if (threads > 1)
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
            int share = (Replicates + threads - 1) / threads;
            Parallel.For(0, threads, options, t => Draw(matrix, values, t * share, Math.Min(Replicates, (t + 1) * share)));
        }
        else
        {
            Draw(matrix, values, 0, Replicates);
        }

        (double, double)[] intervals = new (double, double)[ConfusionStatistics.Count];
        for (int g = 0; g < intervals.Length; g++)
        {
            Span<double> replicates = values.AsSpan(g * Replicates, Replicates);
            replicates.Sort();
            replicates = replicates[(replicates.LastIndexOf(double.NaN) + 1)..];
            intervals[g] = replicates.IsEmpty
                ? (double.NaN, double.NaN)
                : (Percentile.OfSorted(replicates, 0.025), Percentile.OfSorted(replicates, 0.975));
        }

        return intervals;
    }

    private void Draw(ConfusionMatrix matrix, double[] values, int from, int to)
    {
        int classes = matrix.Classes.Length;
        Func<int, long[]> replicate = matrix.Rows <= RowsPerCell * (long)matrix.Cells.Length ? Rows(matrix) : Cells(matrix);
        long[] hits = new long[classes], support = new long[classes], predicted = new long[classes];
        Span<double> statistics = stackalloc double[ConfusionStatistics.Count];
        for (int r = from; r < to; r++)
        {
            long[] drawn = replicate(r);
            Array.Clear(hits);
            Array.Clear(support);
            Array.Clear(predicted);
            for (int i = 0; i < drawn.Length; i++)
            {
                ClassCell cell = matrix.Cells[i];
                support[cell.Label] += drawn[i];
                predicted[cell.Prediction] += drawn[i];
                hits[cell.Label] += cell.Label == cell.Prediction ? drawn[i] : 0;
            }

            ConfusionStatistics.Compute(hits, support, predicted, statistics);
            for (int g = 0; g < statistics.Length; g++)
            {
                values[(g * Replicates) + r] = statistics[g];
            }
        }
    }

    /// <summary>Draws a count per cell.</summary>
    private Func<int, long[]> Cells(ConfusionMatrix matrix)
    {
        long[] counts = Array.ConvertAll(matrix.Cells, c => c.Count), drawn = new long[counts.Length];
        return r =>
        {
            Multinomial.Draw(counts, matrix.Rows, key, (ulong)r, drawn);
            return drawn;
        };
    }

    /// <summary>Draws row by row, and counts the cells.</summary>
    private Func<int, long[]> Rows(ConfusionMatrix matrix)
    {
        int[] cellOfRow = new int[matrix.Rows];
        for (int i = 0, row = 0; i < matrix.Cells.Length; i++)
        {
            int rows = (int)matrix.Cells[i].Count;
            Array.Fill(cellOfRow, i, row, rows);
            row += rows;
        }

        long[] drawn = new long[matrix.Cells.Length];
        return r =>
        {
            Array.Clear(drawn);
            int left = cellOfRow.Length;
            for (ulong counter = 0; left > 0; counter++)
            {
                Philox4x32 block = Philox4x32.At(key, (ulong)r, counter);
                foreach (uint bits in (ReadOnlySpan<uint>)[block.X, block.Y, block.Z, block.W])
                {
                    // Uniform on 0 … length − 1, but for a share of length/2³² of the draws (4e-6 at the most).
                    drawn[cellOfRow[(int)(((ulong)bits * (uint)cellOfRow.Length) >> 32)]] += left > 0 ? 1 : 0;
                    left--;
                }
            }

            return drawn;
        };
    }
}
