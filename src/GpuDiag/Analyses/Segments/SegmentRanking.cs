using GpuDiag.Analyses.Results;
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
        Segment[] ranked = [.. segments], tested = [.. ranked.Where(s => s.Result.PValue is not null)];
        double[] q = BenjaminiHochberg.QValues(Array.ConvertAll(tested, s => s.Result.PValue!.Value));
        for (int i = 0; i < q.Length; i++)
        {
            tested[i].Result.QValue = q[i];
        }

        Array.Sort(Array.ConvertAll(ranked, s => new Place(s)), ranked);
        return ranked;
    }

    /// <summary>What places a segment, the numbers at hand: a million segments are compared twenty million times.</summary>
    private readonly struct Place(Segment segment) : IComparable<Place>
    {
        private readonly double q = segment.Result.QValue ?? 2, p = segment.Result.PValue ?? 2, lost = segment.LostRows;
        private readonly SegmentResult result = segment.Result;

        public int CompareTo(Place other)
        {
            int order = q.CompareTo(other.q);
            order = order != 0 ? order : p.CompareTo(other.p);
            order = order != 0 ? order : other.lost.CompareTo(lost);
            order = order != 0 ? order : string.CompareOrdinal(result.Column, other.result.Column);
            order = order != 0 ? order : other.result.IsNull.CompareTo(result.IsNull);
            return order != 0 ? order : string.CompareOrdinal(result.Value, other.result.Value);
        }
    }
}
