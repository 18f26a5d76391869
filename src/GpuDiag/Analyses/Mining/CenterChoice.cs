using GpuDiag.Analyses.Embeddings;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>
/// Greedy k-center (Gonzalez, 1985; for choosing rows to label: Sener and Savarese, 2018): each next row is the one farthest
/// from all chosen ones and from the training set, the lower row of equal ones. Costs rows × budget distances.
/// </summary>
internal static unsafe class CenterChoice
{
    private const int PieceRows = 1024;

    /// <param name="vectors">The pool.</param>
    /// <param name="inTrain">Per row the distance to the nearest training row, +∞ without a training set; NaN for rows not to be chosen. Changed.</param>
    /// <param name="metric">What far means.</param>
    /// <param name="budget">Rows to choose.</param>
    /// <param name="first">The first row where there is no training set.</param>
    /// <param name="threads">Threads that may work.</param>
    /// <param name="chose">Receives how many are chosen.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Rows in the order of the choice, with their distance then: fewer where all others are at distance 0.</returns>
    public static List<(long Row, double Distance)> Run(
        VectorBlock vectors, double[] inTrain, VectorMetric metric, int budget, long first, int threads, Action<int> chose, CancellationToken cancel)
    {
        double[] squared = EmbeddedRows.Squares(vectors, threads), far = inTrain;
        int pieces = (int)((vectors.Rows + PieceRows - 1) / PieceRows);
        (double Distance, long Row)[] farthest = new (double, long)[pieces];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        List<(long, double)> chosen = [];
        long latest = -1;
        while (chosen.Count < budget)
        {
            Parallel.For(0, pieces, options, p => farthest[p] = Piece(p));
            (double distance, long row) = farthest[0];
            foreach ((double Distance, long Row) piece in farthest)
            {
                (distance, row) = piece.Distance > distance ? piece : (distance, row);
            }

            if (!(distance > 0))
            {
                break;
            }

            latest = chosen.Count == 0 && double.IsPositiveInfinity(distance) ? first : row;
            chosen.Add((latest, far[latest]));
            chose(chosen.Count);
        }

        return chosen;

        (double, long) Piece(int piece)
        {
            (double distance, long row) = (double.NegativeInfinity, -1);
            for (long i = (long)piece * PieceRows; i < Math.Min(vectors.Rows, (piece + 1L) * PieceRows); i++)
            {
                if (latest >= 0 && !double.IsNaN(far[i]))
                {
                    double key = VectorDistance.Key(metric, vectors.Row(i), vectors.Row(latest), vectors.Width, squared[i], squared[latest]);
                    far[i] = i == latest ? 0 : Math.Min(far[i], VectorDistance.FromKey(metric, key));
                }

                (distance, row) = far[i] > distance ? (far[i], i) : (distance, row);
            }

            return (distance, row);
        }
    }
}
