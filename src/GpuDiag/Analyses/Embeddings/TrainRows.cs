using GpuDiag.Analyses.Results;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Embeddings;

/// <summary>The rows of the training set that stands beside the data: their labels and vectors.</summary>
internal sealed class TrainRows : IDisposable
{
    private readonly double[] squared;

    /// <param name="labels">
    /// In codes of the data's classes; a class that the data does not have has a code below 0; 0 without a label.
    /// </param>
    /// <param name="vectors">Of the same width as the data's; disposed with this; null without an embedding.</param>
    /// <param name="metric">Decides which vectors are excluded.</param>
    /// <param name="threads">Threads that may work.</param>
    public TrainRows(int[] labels, VectorStore? vectors, VectorMetric metric, int threads)
    {
        Labels = labels;
        Vectors = vectors;
        Metric = metric;
        squared = vectors is null ? [] : EmbeddedRows.Squares(vectors.Block, threads);
    }

    public int[] Labels { get; }

    public VectorStore? Vectors { get; }

    public VectorMetric Metric { get; }

    public long Rows => Labels.LongLength;

    /// <summary>The row has no usable vector.</summary>
    public bool IsExcluded(long row) => Vectors is null || VectorDistance.IsExcluded(Metric, squared[row]);

    /// <summary>Counts vectors that are not used.</summary>
    public TrainResult Count(TrainResult result) => Vectors is null ? result : result with
    {
        Embedded = squared.LongCount(s => !VectorDistance.IsExcluded(Metric, s)),
        NanEmbedding = squared.LongCount(s => !double.IsFinite(s)),
        ZeroEmbedding = squared.LongCount(s => double.IsFinite(s) && VectorDistance.IsExcluded(Metric, s)),
    };

    public void Dispose() => Vectors?.Dispose();
}
