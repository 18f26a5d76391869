using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Mining;

/// <summary>How sure the model is of each pool row: 24 bytes a row. NaN where the row has no valid probabilities.</summary>
internal sealed class PoolScores
{
    private PoolScores(long rows) => (Confidence, Margin, Entropy) = (new double[rows], new double[rows], new double[rows]);

    public double[] Confidence { get; }

    public double[] Margin { get; }

    public double[] Entropy { get; }

    /// <summary>Rows without valid probabilities.</summary>
    public long Invalid => Confidence.LongCount(double.IsNaN);

    /// <summary>Reads probability rows.</summary>
    /// <param name="rows">Of the data.</param>
    /// <param name="probs">One list column, or float columns: one for each class, or that of the second of two.</param>
    /// <param name="pipeline">Reads the data.</param>
    /// <param name="backend">Scores the rows.</param>
    /// <param name="progress">Receives the rows done so far, from any thread.</param>
    public static PoolScores Read(long rows, IReadOnlyList<Field> probs, Pipeline pipeline, Backend backend, Action<long> progress)
    {
        PoolScores scores = new(rows);
        bool list = probs is [{ Type: FieldType.Float32List or FieldType.Float64List }];
        ColumnRequest[] requests = [.. probs.Select(p => new ColumnRequest(p.Name, list ? ColumnForm.Matrix : ColumnForm.Numbers))];
        int rowBytes = 8 * (list ? Math.Max(16, probs[0].Width) : Math.Max(2, probs.Count));
        pipeline.Run(requests, () => new Worker(scores, backend, probs.Count, list, pipeline.BatchRows(rowBytes)), rowBytes, progress);
        return scores;
    }

    private sealed class Worker(PoolScores to, Backend backend, int columns, bool list, int capacity) : IBatchWorker
    {
        private readonly ProbabilityStage stage = new([.. Enumerable.Range(0, columns)], list);
        private readonly RowScores scores = new(capacity);
        private readonly CodeColumn noLabels = NoLabels(capacity);
        private IFold<ScoreBatch, ScoreState>? fold;
        private int width;

        public void Accept(Batch batch)
        {
            MatrixColumn rows = stage.Take(batch, Math.Max(2, width));
            if (fold is null || width != rows.Width)
            {
                fold?.Dispose();
                width = rows.Width;
                fold = backend.ScoreRows(new ScorePlan(noLabels.Domain, new int[width], []));
            }

            fold.Accept(new ScoreBatch(batch.Rows, rows, noLabels, [], scores));
            int first = checked((int)batch.FirstRow);
            scores.Confidence[..batch.Rows].CopyTo(to.Confidence.AsSpan(first));
            scores.Margin[..batch.Rows].CopyTo(to.Margin.AsSpan(first));
            scores.Entropy[..batch.Rows].CopyTo(to.Entropy.AsSpan(first));
        }

        public void Finish()
        {
        }

        public void Dispose()
        {
            fold?.Dispose();
            scores.Dispose();
            stage.Dispose();
            noLabels.Dispose();
        }

        private static CodeColumn NoLabels(int rows)
        {
            CodeColumn none = new(new Domain("label"), rows);
            none.SetLimit(1);
            none.Bytes.Clear();
            return none;
        }
    }
}
