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
        if (code >= cells.Length)
        {
            Array.Resize(ref cells, Math.Max(code + 1, Segment?.Count ?? 1));
        }

        ref ScoreCell cell = ref cells[code];
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
        int[] codes = Segment is null ? [0] : [0, .. Segment.SortedCodes()];
        foreach (int code in codes)
        {
            ScoreCell cell = this[code];
            if (cell == default)
            {
                continue;
            }

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
