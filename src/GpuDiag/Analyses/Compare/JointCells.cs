using GpuDiag.Analyses.Metrics;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>The cells of one segmentation, grouped by the segment's code.</summary>
internal sealed class JointCells
{
    private const int CellsPerSegment = 64;

    private readonly JointCell[][] bySegment;

    public JointCells(CountTable table, PairDomain pairs, ClassOrder classes)
    {
        List<JointCell>?[] lists = new List<JointCell>?[pairs.Segments.Count];
        foreach (Cell cell in table.Cells)
        {
            if (cell.Segment != Domain.Null)
            {
                (int label, int segment) = pairs[cell.Segment];
                (lists[segment] ??= []).Add(new JointCell(classes[label], classes[cell.Label], classes[cell.Prediction], cell.Count));
            }
        }

        bySegment = [.. lists.Select(l => l?.ToArray() ?? [])];
        Bootstraps = bySegment.Where(c => c.Length > 0).Sum(c => (long)c.Length + CellsPerSegment) <= SegmentCells.MostBootstrapCells;
    }

    /// <summary>Segment codes are below this.</summary>
    public int Count => bySegment.Length;

    /// <summary>Few enough cells for a bootstrap of every segment; depends on the data alone.</summary>
    public bool Bootstraps { get; }

    /// <summary>Some row of the segment was compared.</summary>
    public bool Has(int segment) => bySegment[segment].Length > 0;

    public JointTable Table(int segment) => new(bySegment[segment]);
}
