using GpuDiag.Columns;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Embeddings;

/// <summary>The training set that stands beside the data: its vectors and labels, by row. Owns data and vectors.</summary>
/// <param name="Data">The dataset.</param>
/// <param name="Id">Its column of row ids; null without one.</param>
/// <param name="Vectors">Of the same width as the data's.</param>
/// <param name="Labels">
/// In codes of the data's classes; a class that the data does not have has a code below 0; 0 without a label.
/// </param>
internal sealed record TrainRows(Dataset Data, Field? Id, VectorStore Vectors, int[] Labels) : IDisposable
{
    /// <summary>The row has no usable vector.</summary>
    public unsafe bool IsExcluded(long row, VectorMetric metric)
    {
        float* vector = Vectors.Block.Row(row);
        return VectorDistance.IsExcluded(metric, VectorDistance.Dot(vector, vector, Vectors.Width));
    }

    public void Dispose()
    {
        Vectors.Dispose();
        Data.Dispose();
    }
}
