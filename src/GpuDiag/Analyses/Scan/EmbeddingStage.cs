using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Scan;

/// <summary>Reads the embedding, once, for all analyses that use it.</summary>
internal static class EmbeddingStage
{
    /// <returns>Null without an embedding, or when every vector is null.</returns>
    public static EmbeddedRows? Read(
        Dataset data, Roles roles, RowFacts? facts, ScanOptions options, VectorRoom room, Pipeline pipeline, int threads, StageClock clock)
    {
        if (roles.Embedding is not { } field || facts is null)
        {
            return null;
        }

        VectorStore? vectors = null;
        clock.Pass("embeddings", "reading embeddings", data.Rows, done => vectors = VectorStore.Read(data, field.Name, pipeline, done, room));
        if (vectors!.Width == 0)
        {
            vectors.Dispose();
            return null;
        }

        return new EmbeddedRows(field.Name, vectors, facts, options.Metric ?? EmbeddedRows.DefaultMetric(vectors.Width), threads);
    }
}
