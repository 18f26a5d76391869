using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>Exact sums of a value that both models give a row, of its squares, and of the squares of its change.</summary>
internal record struct PairedSum(FixedSum Before, FixedSum After, FixedSum BeforeSquares, FixedSum AfterSquares, FixedSum DeltaSquares)
{
    /// <summary>The value of one more row, from 0 to 36.1: squares are in units of 16, as in <see cref="ScoreCell"/>.</summary>
    public void Add(double before, double after)
    {
        double delta = Deterministic.Sub(after, before);
        Before = Before.Add(FixedSum.Quantize(before));
        After = After.Add(FixedSum.Quantize(after));
        BeforeSquares = BeforeSquares.Add(Square(before));
        AfterSquares = AfterSquares.Add(Square(after));
        DeltaSquares = DeltaSquares.Add(Square(delta));
    }

    public static PairedSum operator +(in PairedSum a, in PairedSum b) =>
        new(a.Before + b.Before, a.After + b.After, a.BeforeSquares + b.BeforeSquares, a.AfterSquares + b.AfterSquares, a.DeltaSquares + b.DeltaSquares);

    public readonly void Write(BinaryWriter writer)
    {
        foreach (FixedSum sum in (ReadOnlySpan<FixedSum>)[Before, After, BeforeSquares, AfterSquares, DeltaSquares])
        {
            sum.Write(writer);
        }
    }

    public static PairedSum Read(BinaryReader reader) =>
        new(FixedSum.Read(reader), FixedSum.Read(reader), FixedSum.Read(reader), FixedSum.Read(reader), FixedSum.Read(reader));

    private static long Square(double value) => FixedSum.Quantize(Deterministic.Mul(Deterministic.Mul(value, value), ScoreCell.SquareScale));
}

/// <summary>Of the rows that both models gave probabilities.</summary>
internal record struct PairedScores(long Rows, PairedSum Loss, PairedSum Brier);

/// <summary>Per value of one segmentation, by code; of all rows, under code 0, where there is no domain.</summary>
internal sealed class PairedSums(Domain? segment) : IState<PairedSums>
{
    private PairedScores[] cells = new PairedScores[1];

    public PairedScores this[int code] => code < cells.Length ? cells[code] : default;

    public void Add(int code, double lossBefore, double lossAfter, double brierBefore, double brierAfter)
    {
        ref PairedScores cell = ref At(code);
        cell.Rows++;
        PairedSum loss = cell.Loss, brier = cell.Brier;
        loss.Add(lossBefore, lossAfter);
        brier.Add(brierBefore, brierAfter);
        (cell.Loss, cell.Brier) = (loss, brier);
    }

    public void Merge(PairedSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int code = 0; code < other.cells.Length; code++)
        {
            PairedScores added = other.cells[code];
            if (added.Rows > 0)
            {
                ref PairedScores cell = ref At(code);
                cell = new PairedScores(cell.Rows + added.Rows, cell.Loss + added.Loss, cell.Brier + added.Brier);
            }
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        IEnumerable<int> held = Enumerable.Range(1, cells.Length - 1).Where(c => cells[c].Rows > 0);
        foreach (int code in (int[])[0, .. segment is null ? [] : segment.Sort(held)])
        {
            writer.Write(segment?.Text(code) ?? "");
            writer.Write(this[code].Rows);
            this[code].Loss.Write(writer);
            this[code].Brier.Write(writer);
        }
    }

    /// <summary>Writes the sums by code.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(cells.Length);
        foreach (PairedScores cell in cells)
        {
            writer.Write7BitEncodedInt64(cell.Rows);
            if (cell.Rows > 0)
            {
                cell.Loss.Write(writer);
                cell.Brier.Write(writer);
            }
        }
    }

    /// <summary>Merges in what was saved.</summary>
    /// <param name="reader">At it.</param>
    /// <param name="codes">The code here of each code there.</param>
    public void Load(BinaryReader reader, int[] codes)
    {
        int count = reader.Read7BitEncodedInt();
        for (int code = 0; code < count; code++)
        {
            long rows = reader.Read7BitEncodedInt64();
            if (rows > 0)
            {
                ref PairedScores cell = ref At(codes[code]);
                cell = new PairedScores(cell.Rows + rows, cell.Loss + PairedSum.Read(reader), cell.Brier + PairedSum.Read(reader));
            }
        }
    }

    private ref PairedScores At(int code)
    {
        if (code >= cells.Length)
        {
            Array.Resize(ref cells, Math.Max(code + 1, cells.Length * 2));
        }

        return ref cells[code];
    }
}
