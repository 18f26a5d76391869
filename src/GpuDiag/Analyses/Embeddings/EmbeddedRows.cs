using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Embeddings;

/// <summary>Every row's vector and what else is known of the row: read once, shared by all analyses of embeddings.</summary>
internal sealed class EmbeddedRows : IDisposable
{
    private readonly double[] squared;

    /// <param name="column">The column that holds the vectors.</param>
    /// <param name="vectors">At least one dimension; disposed with this.</param>
    /// <param name="facts">Of the same rows.</param>
    /// <param name="metric">Which rows are near; decides which are excluded.</param>
    /// <param name="threads">Threads that may work.</param>
    public EmbeddedRows(string column, VectorStore vectors, RowFacts facts, VectorMetric metric, int threads)
    {
        Column = column;
        Vectors = vectors;
        Facts = facts;
        Metric = metric;
        squared = Squares(vectors.Block, threads);
        foreach (double square in squared)
        {
            NanRows += double.IsFinite(square) ? 0 : 1;
            ZeroRows += square == 0 && metric == VectorMetric.Cosine ? 1 : 0;
        }
    }

    public string Column { get; }

    public VectorStore Vectors { get; }

    public RowFacts Facts { get; }

    public VectorMetric Metric { get; }

    public long Rows => Vectors.Rows;

    /// <summary>Excluded rows whose vector is null or holds NaN or an infinity.</summary>
    public long NanRows { get; }

    /// <summary>Excluded rows whose vector has no direction: all zeros under cosine.</summary>
    public long ZeroRows { get; }

    /// <summary>The metric where none was asked for: directions matter in many dimensions, places in few.</summary>
    public static VectorMetric DefaultMetric(int width) => width > 3 ? VectorMetric.Cosine : VectorMetric.L2;

    /// <summary>The row has no usable vector.</summary>
    public bool IsExcluded(long row) => VectorDistance.IsExcluded(Metric, squared[row]);

    public void Dispose() => Vectors.Dispose();

    /// <summary>The squared length of every row, by the canonical sum; NaN or infinite where a value is.</summary>
    public static unsafe double[] Squares(VectorBlock block, int threads)
    {
        double[] squares = new double[block.Rows];
        Parallel.For(0, block.Rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            squares[i] = VectorDistance.Dot(block.Row(i), block.Row(i), block.Width));
        return squares;
    }
}
