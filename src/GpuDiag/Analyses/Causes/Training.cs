using GpuDiag.Columns;

namespace GpuDiag.Analyses.Causes;

/// <summary>
/// How often the rows that the model learnt from have each class and each segment value: counts, which merge by adding.
/// </summary>
/// <param name="segmentations">How many segmentations the scan has.</param>
internal sealed class Training(int segmentations)
{
    private readonly List<long> classes = [];
    private readonly List<long>[] segments = [.. Enumerable.Range(0, segmentations).Select(_ => new List<long>())];

    public long Rows { get; private set; }

    public long OfClass(int code) => At(classes, code);

    /// <summary>Rows with the value; 0 where the training rows lack the column.</summary>
    public long OfSegment(int segmentation, int code) => At(segments[segmentation], code);

    /// <summary>Takes a row's label and segment values.</summary>
    public void Add(CodeColumn label, IReadOnlyList<CodeColumn> values, int row)
    {
        Rows++;
        Count(classes, label[row], 1);
        for (int s = 0; s < values.Count; s++)
        {
            Count(segments[s], values[s][row], 1);
        }
    }

    public void Merge(Training other)
    {
        Rows += other.Rows;
        Merge(classes, other.classes);
        for (int s = 0; s < segments.Length; s++)
        {
            Merge(segments[s], other.segments[s]);
        }
    }

    private static long At(List<long> counts, int code) => code < counts.Count ? counts[code] : 0;

    private static void Merge(List<long> into, List<long> from)
    {
        for (int code = 0; code < from.Count; code++)
        {
            Count(into, code, from[code]);
        }
    }

    private static void Count(List<long> counts, int code, long rows)
    {
        while (counts.Count <= code)
        {
            counts.Add(0);
        }

        counts[code] += rows;
    }
}
