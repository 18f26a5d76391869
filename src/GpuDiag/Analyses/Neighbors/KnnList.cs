namespace GpuDiag.Analyses.Neighbors;

/// <summary>The neighbours of one query, in memory that the next query takes over.</summary>
/// <param name="most">Neighbours at most.</param>
internal sealed class KnnList(int most)
{
    /// <summary>0-based position among the queries.</summary>
    public long Query { get; set; }

    /// <summary>The query has no vector that can be compared.</summary>
    public bool IsExcluded { get; set; }

    public int Count { get; set; }

    /// <summary>Of the first <see cref="Count"/>, nearest first.</summary>
    public double[] Distances { get; } = new double[most];

    /// <summary>Likewise, 0-based positions in the base.</summary>
    public long[] Neighbors { get; } = new long[most];

    /// <summary>What a state holds of it.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(IsExcluded ? 0 : Count + 1);
        for (int i = 0; i < Count; i++)
        {
            writer.Write(Distances[i]);
        }

        for (int i = 0; i < Count; i++)
        {
            writer.Write7BitEncodedInt64(Neighbors[i]);
        }
    }

    /// <param name="reader">Stands where <see cref="Save"/> began.</param>
    /// <param name="baseRows">Above every neighbour.</param>
    /// <exception cref="InvalidDataException">No list of a search in such a base.</exception>
    public KnnList Load(BinaryReader reader, long baseRows)
    {
        int count = reader.Read7BitEncodedInt();
        (IsExcluded, Count) = (count == 0, Math.Max(0, count - 1));
        if (count < 0 || Count > most)
        {
            throw new InvalidDataException("a list has an impossible length");
        }

        for (int i = 0; i < Count; i++)
        {
            Distances[i] = reader.ReadDouble();
        }

        for (int i = 0; i < Count; i++)
        {
            Neighbors[i] = reader.Read7BitEncodedInt64();
            if (Neighbors[i] < 0 || Neighbors[i] >= baseRows)
            {
                throw new InvalidDataException("a neighbour is no row of the base");
            }
        }

        return this;
    }
}
