using System.Runtime.InteropServices;
using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>
/// Counts of (segment, label, prediction) and calibration cells of one segmentation; of all rows, as segment code 0,
/// when there is no domain. Cells are sparse here: folds count densely where they can and add their totals.
/// </summary>
public sealed class CountTable(Domain? segment, Domain classes)
{
    private readonly Dictionary<(int Segment, int Label, int Prediction), long> cells = [];
    private CalibrationCell[] calibration = new CalibrationCell[Engine.Calibration.Slots];

    public Domain? Segment { get; } = segment;

    public Domain Classes { get; } = classes;

    /// <summary>Non-zero cells, in no particular order.</summary>
    public IEnumerable<Cell> Cells => cells.Select(c => new Cell(c.Key.Segment, c.Key.Label, c.Key.Prediction, c.Value));

    public int CellCount => cells.Count;

    /// <summary>The calibration slot of a segment (<see cref="Engine.Calibration"/>).</summary>
    public CalibrationCell Calibration(int segment, int slot)
    {
        int i = (segment * Engine.Calibration.Slots) + slot;
        return i < calibration.Length ? calibration[i] : default;
    }

    public void Add(int segment, int label, int prediction, long count)
    {
        if (count != 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(cells, (segment, label, prediction), out _) += count;
        }
    }

    public void AddCalibration(int segment, int slot, in CalibrationCell addend)
    {
        int i = (segment * Engine.Calibration.Slots) + slot;
        if (i >= calibration.Length)
        {
            Array.Resize(ref calibration, Math.Max(segment + 1, Segment?.Count ?? 1) * Engine.Calibration.Slots);
        }

        ref CalibrationCell cell = ref calibration[i];
        cell = new CalibrationCell(cell.Rows + addend.Rows, cell.Correct + addend.Correct, cell.Confidence + addend.Confidence);
    }

    public void Merge(CountTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (((int s, int label, int prediction), long count) in other.cells)
        {
            Add(s, label, prediction, count);
        }

        for (int i = 0; i < other.calibration.Length; i++)
        {
            if (other.calibration[i].Rows != 0)
            {
                AddCalibration(i / Engine.Calibration.Slots, i % Engine.Calibration.Slots, other.calibration[i]);
            }
        }
    }

    /// <summary>Cells by the sorted texts of segment, label, prediction (null first); then calibration slots.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int[] segmentRank = Ranks(Segment), classRank = Ranks(Classes);
        Cell[] sorted = [.. Cells];
        Array.Sort(sorted, (a, b) =>
        {
            int bySegment = segmentRank[a.Segment].CompareTo(segmentRank[b.Segment]);
            int byLabel = classRank[a.Label].CompareTo(classRank[b.Label]);
            return bySegment != 0 ? bySegment : byLabel != 0 ? byLabel : classRank[a.Prediction].CompareTo(classRank[b.Prediction]);
        });
        writer.Write(sorted.Length);
        foreach (Cell cell in sorted)
        {
            writer.Write(Segment?.Text(cell.Segment) ?? "");
            writer.Write(Classes.Text(cell.Label));
            writer.Write(Classes.Text(cell.Prediction));
            writer.Write(cell.Count);
        }

        int segments = calibration.Length / Engine.Calibration.Slots;
        foreach (int s in Enumerable.Range(0, segments).OrderBy(s => segmentRank[s]))
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

    /// <summary>Position of each code in sorted order, null first.</summary>
    private static int[] Ranks(Domain? domain)
    {
        if (domain is null)
        {
            return [0];
        }

        int[] order = domain.SortedCodes();
        int[] ranks = new int[order.Length + 1];
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i + 1;
        }

        return ranks;
    }
}
