using GpuDiag.Columns;

namespace GpuDiag.Analyses.Causes;

/// <summary>How often the rows that the model learnt from have each class and each segment value, by codes of the data.</summary>
/// <param name="Rows">All of them.</param>
/// <param name="Classes">Rows by class code.</param>
/// <param name="Segments">Per segmentation: rows by code; null where the training rows lack its columns.</param>
/// <param name="Slices">Rows of slices, by their text, as far as they can be told.</param>
internal sealed record Training(long Rows, long[] Classes, IReadOnlyList<long[]?> Segments, IReadOnlyDictionary<string, long> Slices)
{
    /// <summary>Where they are a split of the data: those of them that have a label and a prediction, and so stand among the rows that are judged too; null where they stand beside the data.</summary>
    public Training? Judged { get; init; }

    public long OfClass(int code) => At(Classes, code);

    /// <summary>Null where it cannot be told.</summary>
    public long? OfSegment(int segmentation, int code) => Segments[segmentation] is { } counts ? At(counts, code) : null;

    /// <summary>Null where it cannot be told.</summary>
    public long? OfSlice(string text) => Slices.TryGetValue(text, out long rows) ? rows : null;

    /// <summary>Counts by class and the codes of one domain as counts by the codes of another, where these are the same text.</summary>
    public static long[] Translate(IReadOnlyDictionary<(int Label, int Code), long> counts, Domain from, Domain to)
    {
        long[] translated = new long[to.Count];
        foreach (((int _, int code), long rows) in counts)
        {
            int other = code == Domain.Null ? Domain.Null : to.Find(from.Text(code));
            if (other >= 0)
            {
                translated[other] += rows;
            }
        }

        return translated;
    }

    private static long At(long[] counts, int code) => code < counts.Length ? counts[code] : 0;
}
