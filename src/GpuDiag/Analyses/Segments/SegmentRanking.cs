using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Segments;

/// <summary>
/// Puts the segments in order: by q-value, then p-value (untested segments last), then by rows lost against the
/// column's other rows, most first, then by column and value.
/// </summary>
internal static class SegmentRanking
{
    /// <summary>Adds q-values (Benjamini–Hochberg over every tested segment of every segmentation) and sorts.</summary>
    public static Segment[] Rank(IReadOnlyList<Segment> segments)
    {
        Segment[] tested = [.. segments.Where(s => s.Result.PValue is not null)];
        double[] q = BenjaminiHochberg.QValues([.. tested.Select(s => s.Result.PValue!.Value)]);
        Dictionary<Segment, double> byTested = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < q.Length; i++)
        {
            byTested[tested[i]] = q[i];
        }

        Segment[] ranked = [.. segments.Select(s => byTested.TryGetValue(s, out double value) ? s with { Result = s.Result with { QValue = value } } : s)];
        Array.Sort(ranked, Compare);
        return ranked;
    }

    private static int Compare(Segment a, Segment b)
    {
        int order = (a.Result.QValue ?? 2).CompareTo(b.Result.QValue ?? 2);
        order = order != 0 ? order : (a.Result.PValue ?? 2).CompareTo(b.Result.PValue ?? 2);
        order = order != 0 ? order : b.LostRows.CompareTo(a.LostRows);
        order = order != 0 ? order : string.CompareOrdinal(a.Result.Column, b.Result.Column);
        order = order != 0 ? order : b.Result.IsNull.CompareTo(a.Result.IsNull);
        return order != 0 ? order : string.CompareOrdinal(a.Result.Value, b.Result.Value);
    }
}
