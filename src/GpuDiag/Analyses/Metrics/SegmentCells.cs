using GpuDiag.Engine;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The cells of a count table grouped by segment, labels and predictions by position in the class order; rows without a
/// label or a prediction are left out. A table of all rows has one segment, 0.
/// </summary>
internal sealed class SegmentCells
{
    /// <summary>
    /// What a bootstrap may draw for one table, in cells (a replicate of each), which takes a few tenths of a second;
    /// beyond it the delta method is as good and far cheaper.
    /// </summary>
    public const int MostBootstrapCells = (1 << 21) / ConfusionBootstrap.Replicates;

    /// <summary>What a segment costs a bootstrap beside its cells: the statistics of each replicate, and their order.</summary>
    private const int CellsPerSegment = 64;

    private readonly int[] starts;
    private readonly ClassCell[] cells;
    private readonly bool[] seen;

    public SegmentCells(CountTable table, ClassOrder classes)
    {
        Count = table.Segment?.Count ?? 1;
        starts = new int[Count + 1];
        seen = new bool[Count];
        foreach (Cell cell in table.Cells)
        {
            seen[cell.Segment] = true;
            starts[cell.Segment + 1] += Evaluated(cell) ? 1 : 0;
        }

        long cost = 0;
        for (int s = 0; s < Count; s++)
        {
            cost += starts[s + 1] > 0 ? starts[s + 1] + CellsPerSegment : 0;
            starts[s + 1] += starts[s];
        }

        Bootstraps = cost <= MostBootstrapCells;
        cells = new ClassCell[starts[Count]];
        int[] next = starts[..Count];
        foreach (Cell cell in table.Cells)
        {
            if (Evaluated(cell))
            {
                cells[next[cell.Segment]++] = new ClassCell(classes[cell.Label], classes[cell.Prediction], cell.Count);
            }
        }
    }

    /// <summary>Segment codes are below this.</summary>
    public int Count { get; }

    /// <summary>Few enough cells for a bootstrap of every segment; depends on the data alone.</summary>
    public bool Bootstraps { get; }

    /// <summary>A row of this segment was read, evaluated or not.</summary>
    public bool Seen(int segment) => seen[segment];

    public ConfusionMatrix Matrix(int segment) => new(cells.AsSpan(starts[segment]..starts[segment + 1]));

    private static bool Evaluated(in Cell cell) => cell.Label != Columns.Domain.Null && cell.Prediction != Columns.Domain.Null;
}
