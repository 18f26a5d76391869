using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The probability rows of each batch: a list column as it is; one column per class set side by side; or, of a single
/// column p of a binary task, the pair (1 − p, p). One instance per thread.
/// </summary>
internal sealed class ProbabilityStage(int[] indices, bool list) : IDisposable
{
    private readonly MatrixColumn assembled = new();

    /// <param name="batch">The rows.</param>
    /// <param name="expected">Values per row where no row of the batch says, because all are null: these are NaN then.</param>
    public MatrixColumn Take(Batch batch, int expected)
    {
        if (list)
        {
            MatrixColumn stored = (MatrixColumn)batch.Columns[indices[0]];
            return stored.Width > 0 ? stored : Missing(batch.Rows, expected);
        }

        int width = Math.Max(2, indices.Length);
        assembled.Reserve(batch.Capacity, width, true);
        Span<double> rows = assembled.Doubles(batch.Rows);
        for (int k = 0; k < indices.Length; k++)
        {
            NumberColumn column = (NumberColumn)batch.Columns[indices[k]];
            for (int i = 0; i < batch.Rows; i++)
            {
                rows[(i * width) + k] = column[i];
            }
        }

        if (indices.Length == 1)
        {
            for (int i = 0; i < batch.Rows; i++)
            {
                double positive = rows[2 * i];
                rows[2 * i] = 1 - positive;
                rows[(2 * i) + 1] = positive;
            }
        }

        return assembled;
    }

    public void Dispose() => assembled.Dispose();

    private MatrixColumn Missing(int rows, int width)
    {
        assembled.Reserve(rows, width, true);
        assembled.Doubles(rows).Fill(double.NaN);
        assembled.NullRows = rows;
        return assembled;
    }
}
