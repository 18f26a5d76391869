using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Exact sums of DeLong's components of one class for both models, over its positives or its negatives. A component times
/// twice the rows of the other kind is a whole number: of a positive 2·(negatives below) + (negatives tied), of a negative
/// 2·(positives above) + (positives tied). <paramref name="Average"/> sums the changes of the rows' influences on average precision, in
/// <see cref="RankScale.Steps"/>.
/// </summary>
internal record struct PairedRanks(long Rows, Int128 Before, Int128 After, Int128 BeforeSquares, Int128 AfterSquares, Int128 Products, PairedChange Average)
{
    public void Add(long before, long after, long average)
    {
        Rows++;
        Average = Average.With(average);
        Before += before;
        After += after;
        BeforeSquares += (Int128)before * before;
        AfterSquares += (Int128)after * after;
        Products += (Int128)before * after;
    }

    public static PairedRanks operator +(in PairedRanks a, in PairedRanks b) => new(
        a.Rows + b.Rows, a.Before + b.Before, a.After + b.After, a.BeforeSquares + b.BeforeSquares, a.AfterSquares + b.AfterSquares, a.Products + b.Products, a.Average + b.Average);

    /// <summary>Sample (co)variances of the components: of BEFORE's, of AFTER's, and of the two; NaN below two rows.</summary>
    /// <param name="scale">Twice the rows of the other kind.</param>
    public readonly (double Before, double After, double Both) Covariances(double scale)
    {
        // n·Σxy − Σx·Σy in whole numbers: nothing cancels.
        double divisor = (double)Rows * (Rows - 1) * scale * scale;
        return Rows < 2 ? (double.NaN, double.NaN, double.NaN) : (
            (double)((Rows * BeforeSquares) - (Before * Before)) / divisor,
            (double)((Rows * AfterSquares) - (After * After)) / divisor,
            (double)((Rows * Products) - (Before * After)) / divisor);
    }
}

/// <summary>The sum of a change over rows, and that of its squares.</summary>
internal readonly record struct PairedChange(Int128 Sum, Int128 Squares)
{
    public PairedChange With(long change) => new(Sum + change, Squares + ((Int128)change * change));

    public static PairedChange operator +(in PairedChange a, in PairedChange b) => new(a.Sum + b.Sum, a.Squares + b.Squares);

    /// <summary>The root of Σ(x − mean)².</summary>
    public double Root(long rows)
    {
        double squares = (double)Squares - ((double)Sum / rows * (double)Sum);
        return squares > 0 ? Math.Sqrt(squares) : 0;
    }
}

/// <summary>Per class that both models have a probability of: its positives and its negatives.</summary>
internal sealed class DeLongState(int classes) : IState<DeLongState>
{
    public PairedRanks[] Positives { get; } = new PairedRanks[classes];

    public PairedRanks[] Negatives { get; } = new PairedRanks[classes];

    /// <summary>Rows that either model's means over the classes are of.</summary>
    public long Rows { get; set; }

    /// <summary>Changes of the rows' influences on the means over the classes of ROC AUC and of average precision, as <see cref="MacroScale"/> has them.</summary>
    public PairedChange MacroAuc { get; set; }

    public PairedChange MacroAverage { get; set; }

    public void Merge(DeLongState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int k = 0; k < Positives.Length; k++)
        {
            Positives[k] += other.Positives[k];
            Negatives[k] += other.Negatives[k];
        }

        Rows += other.Rows;
        MacroAuc += other.MacroAuc;
        MacroAverage += other.MacroAverage;
    }

    /// <summary>Merges in what <see cref="Write"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        DeLongState read = new(Positives.Length);
        foreach (PairedRanks[] into in (PairedRanks[][])[read.Positives, read.Negatives])
        {
            for (int k = 0; k < into.Length; k++)
            {
                into[k] = new PairedRanks(reader.ReadInt64(), Sum(), Sum(), Sum(), Sum(), Sum(), new PairedChange(Sum(), Sum()));
            }
        }

        read.Rows = reader.ReadInt64();
        (read.MacroAuc, read.MacroAverage) = (new PairedChange(Sum(), Sum()), new PairedChange(Sum(), Sum()));
        Merge(read);

        Int128 Sum()
        {
            ulong low = reader.ReadUInt64();
            return ((Int128)reader.ReadInt64() << 64) | low;
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (PairedRanks ranks in Positives.Concat(Negatives))
        {
            writer.Write(ranks.Rows);
            Sums(ranks.Before, ranks.After, ranks.BeforeSquares, ranks.AfterSquares, ranks.Products, ranks.Average.Sum, ranks.Average.Squares);
        }

        writer.Write(Rows);
        Sums(MacroAuc.Sum, MacroAuc.Squares, MacroAverage.Sum, MacroAverage.Squares);

        void Sums(params ReadOnlySpan<Int128> sums)
        {
            foreach (Int128 sum in sums)
            {
                writer.Write((ulong)sum);
                writer.Write((long)(sum >> 64));
            }
        }
    }
}
