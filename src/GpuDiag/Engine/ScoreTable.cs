using GpuDiag.Columns;

namespace GpuDiag.Engine;

/// <summary>Score sums of each value of one segmentation, by code; of all rows, under code 0, when there is no domain.</summary>
public sealed class ScoreTable(Domain? segment)
{
    private ScoreCell[] cells = new ScoreCell[1];

    public Domain? Segment { get; } = segment;

    public ScoreCell this[int code] => code < cells.Length ? cells[code] : default;

    public void Add(int code, in ScoreCell addend)
    {
        ref ScoreCell cell = ref At(code);
        cell = new ScoreCell(
            cell.Scored + addend.Scored,
            cell.Loss + addend.Loss,
            cell.Brier + addend.Brier,
            cell.TopHits + addend.TopHits,
            cell.NaN + addend.NaN,
            cell.OutOfRange + addend.OutOfRange,
            cell.BadSum + addend.BadSum,
            cell.NoLabel + addend.NoLabel,
            cell.LossSquares + addend.LossSquares,
            cell.BrierSquares + addend.BrierSquares);
    }

    /// <summary>The cell of a code, to add to in place. Valid until a larger code is asked for.</summary>
    internal ref ScoreCell At(int code)
    {
        if (code >= cells.Length)
        {
            Array.Resize(ref cells, Math.Max(code + 1, Math.Max(Segment?.Count ?? 1, cells.Length * 3 / 2)));
        }

        return ref cells[code];
    }

    public void Merge(ScoreTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int code = 0; code < other.cells.Length; code++)
        {
            Add(code, other.cells[code]);
        }
    }

    /// <summary>Segments that hold a row, by sorted text, null first.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        IEnumerable<int> held = Enumerable.Range(1, cells.Length - 1).Where(code => cells[code] != default);
        int[] codes = Segment is null ? [0] : [0, .. Segment.Sort(held)];
        foreach (int code in codes.Where(code => cells[code] != default))
        {
            ScoreCell cell = cells[code];
            writer.Write(Segment?.Text(code) ?? "");
            writer.Write(cell.Scored);
            cell.Loss.Write(writer);
            cell.Brier.Write(writer);
            writer.Write(cell.TopHits);
            writer.Write(cell.NaN);
            writer.Write(cell.OutOfRange);
            writer.Write(cell.BadSum);
            writer.Write(cell.NoLabel);
            cell.LossSquares.Write(writer);
            cell.BrierSquares.Write(writer);
        }
    }
}
