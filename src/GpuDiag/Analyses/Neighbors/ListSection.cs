using GpuDiag.Analyses.Shards;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Lists of neighbours of a run of queries as a section of a state.</summary>
internal static class ListSection
{
    /// <summary>Enumerates lists and writes them.</summary>
    /// <param name="lists">As they are found.</param>
    /// <param name="count">How many there will be.</param>
    /// <param name="most">Neighbours of each at most.</param>
    /// <param name="tail">Writes what is known after the last list, 8 bytes at most; null for nothing.</param>
    /// <param name="remedy">What to do where they take more than 2 GB.</param>
    /// <exception cref="InputException">They do, which is told before the first is asked for where it is sure.</exception>
    public static byte[] Save(IEnumerable<KnnList> lists, long count, int most, Action<BinaryWriter>? tail, string remedy)
    {
        long longest = 16 + (most * 18L), room = Array.MaxLength - sizeof(long) - longest;
        Fit(count * most * (sizeof(double) + 1L));
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (KnnList list in lists)
        {
            Fit(stream.Length);
            list.Save(writer);
        }

        tail?.Invoke(writer);
        writer.Flush();
        return stream.ToArray();

        void Fit(long bytes)
        {
            if (bytes > room)
            {
                throw new InputException("the state would take more than 2 GB", remedy: remedy);
            }
        }
    }

    /// <summary>The lists of a part, whose last section they are.</summary>
    /// <param name="part">Whole.</param>
    /// <param name="queries">All, of which the part has its share.</param>
    /// <param name="list">Takes each list in.</param>
    /// <param name="baseRows">Above every neighbour.</param>
    /// <param name="tail">Reads what stands after the last list; null for nothing.</param>
    /// <exception cref="InputException">The section holds something else.</exception>
    public static IEnumerable<KnnList> Load(StateBook part, long queries, KnnList list, long baseRows, Action<BinaryReader>? tail)
    {
        Func<BinaryReader, KnnList> load = reader => list.Load(reader, baseRows);
        using BinaryReader reader = StateBytes.Reader(part.Sections[^1].Content);
        (long start, long end) = part.Slice.Rows(queries);
        for (list.Query = start; list.Query < end; list.Query++)
        {
            yield return StateBytes.Read(part.Path, reader, load);
        }

        StateBytes.Read(part.Path, reader, r =>
        {
            tail?.Invoke(r);
            return true;
        });
    }
}
