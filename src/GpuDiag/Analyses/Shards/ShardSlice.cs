using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Shards;

/// <summary>One of the parts that a dataset is cut into, for as many machines: <c>2/8</c> is the second of eight.</summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
public sealed record ShardSlice(int Index, int Count)
{
    /// <summary>More than row groups there ever are to share out.</summary>
    public const int Most = 1 << 16;

    /// <exception cref="InputException">Not of the form <c>i/n</c>.</exception>
    public static ShardSlice Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } index && Number(parts[1]) is { } count && index >= 1 && index <= count && count <= Most
            ? new ShardSlice(index, count)
            : throw new InputException($"--shard: '{text}' is not i/n with i from 1 to n, n at most {Most}", remedy: "Write --shard 1/4 for the first of four parts.");

        static int? Number(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>The rows of this part, where they are cut without regard to chunks: about as many in each; none where there are fewer rows than parts.</summary>
    internal (long First, long End) Rows(long rows) => ((long)((Int128)rows * (Index - 1) / Count), (long)((Int128)rows * Index / Count));

    /// <summary>
    /// The chunks of this part: those whose middle row lies in the i-th n-th of the rows. So parts are whole chunks, follow each other, hold about
    /// as many rows each, and leave none out; one is empty where chunks are fewer or very uneven.
    /// </summary>
    internal (int First, int End) Chunks(IReadOnlyList<DatasetChunk> chunks, long rows)
    {
        int first = 0;
        while (first < chunks.Count && Of(chunks[first]) < Index - 1)
        {
            first++;
        }

        int end = first;
        while (end < chunks.Count && Of(chunks[end]) == Index - 1)
        {
            end++;
        }

        return (first, end);

        int Of(DatasetChunk chunk) => (int)(((Int128)chunk.FirstRow + (chunk.Rows / 2)) * Count / rows);
    }
}
