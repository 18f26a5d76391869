using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>What reading all vectors told of both sides, but for what only a search tells.</summary>
/// <param name="Nulls">Queries without a vector.</param>
/// <param name="BaseNulls">Base rows without one.</param>
internal sealed record KnnFacts(int Width, VectorMetric Metric, long Queries, long Nulls, long BaseRows, long BaseNulls)
{
    public void Save(BinaryWriter writer)
    {
        writer.Write(Width);
        writer.Write((int)Metric);
        writer.Write(Queries);
        writer.Write(Nulls);
        writer.Write(BaseRows);
        writer.Write(BaseNulls);
    }

    public static KnnFacts Load(BinaryReader reader) =>
        new(reader.ReadInt32(), (VectorMetric)reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());

    /// <summary>Neighbours of a query at most.</summary>
    public int Most(int k) => (int)Math.Clamp(BaseRows, 1, k);
}
