using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// Counts of (segment, label, prediction) and calibration cells of one segmentation; of all rows, as segment code 0,
/// when there is no domain. An array of 8 bytes per possible cell where that is small, else a hash table of 24 to 48
/// bytes per non-zero cell; 272 bytes of calibration per segment.
/// </summary>
public sealed class CountTable(Domain? segment, Domain classes) : IDisposable
{
    private readonly CalibrationTable calibration = new();

    public Domain? Segment { get; } = segment;

    public Domain Classes { get; } = classes;

    /// <summary>Non-zero cells, in no particular order.</summary>
    public IEnumerable<Cell> Cells => Counts.Cells;

    public int CellCount => Counts.Count;

    internal CellCounts Counts { get; } = new();

    internal CalibrationTable Calibrations => calibration;

    /// <summary>The calibration slot of a segment (<see cref="Engine.Calibration"/>).</summary>
    public CalibrationCell Calibration(int segment, int slot) => calibration[segment, slot];

    public void Add(int segment, int label, int prediction, long count) => Counts.Add(segment, label, prediction, count);

    public void AddCalibration(int segment, int slot, in CalibrationCell addend) => calibration.Add(segment, slot, addend);

    public void Dispose()
    {
        Counts.Dispose();
        calibration.Dispose();
    }

    public void Merge(CountTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Counts.Merge(other.Counts);
        calibration.Merge(other.calibration);
    }

    /// <summary>
    /// Cells by the sorted texts of segment, label, prediction (null first); then calibration slots. The order is that of
    /// the values that rows hold, so a value that only a dictionary holds cannot sway it.
    /// </summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Cell[] cells = [.. Cells];
        int[] segments = Sorted(Segment, cells.Select(c => c.Segment));
        int[] segmentRank = Ranks(segments), classRank = Ranks(Sorted(Classes, cells.SelectMany(c => (int[])[c.Label, c.Prediction])));
        ulong[] order = [.. cells.Select(c => CellCounts.KeyOf(segmentRank[c.Segment], classRank[c.Label], classRank[c.Prediction]))];
        Array.Sort(order, cells);
        writer.Write(cells.Length);
        foreach (Cell cell in cells)
        {
            writer.Write(Segment?.Text(cell.Segment) ?? "");
            writer.Write(Classes.Text(cell.Label));
            writer.Write(Classes.Text(cell.Prediction));
            writer.Write(cell.Count);
        }

        foreach (int s in segments)
        {
            for (int slot = 0; slot < Engine.Calibration.Slots; slot++)
            {
                CalibrationCell cell = Calibration(s, slot);
                if (cell.Rows != 0)
                {
                    writer.Write(Segment?.Text(s) ?? "");
                    writer.Write(slot);
                    writer.Write(cell.Rows);
                    writer.Write(cell.Correct);
                    cell.Confidence.Write(writer);
                }
            }
        }
    }

    /// <summary>The distinct codes in the order of results, null first.</summary>
    private static int[] Sorted(Domain? domain, IEnumerable<int> codes) =>
        domain is null ? [0] : [0, .. domain.Sort(codes.Distinct().Where(c => c != Domain.Null))];

    /// <summary>Position of each code that is listed.</summary>
    private static int[] Ranks(int[] sorted)
    {
        int[] ranks = new int[sorted.Max() + 1];
        for (int i = 0; i < sorted.Length; i++)
        {
            ranks[sorted[i]] = i;
        }

        return ranks;
    }
}
