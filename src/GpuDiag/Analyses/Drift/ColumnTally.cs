using System.Runtime.CompilerServices;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// What one side has in one column. Law: as <see cref="IState{TSelf}"/>; the state depends on the multiset of values alone.
/// </summary>
internal abstract class ColumnTally
{
    /// <summary>Rows without a value: null or NaN.</summary>
    public long Missing { get; protected set; }

    /// <summary>Rows with a value that takes part.</summary>
    public abstract long Count { get; }

    public static ColumnTally For(DriftColumn column) => column.Form switch
    {
        DriftForm.Codes => new CategoryTally(),
        DriftForm.Vectors => new VectorTally(),
        _ => new NumberTally(),
    };

    public static ColumnTally Read(DriftColumn column, BinaryReader reader) => column.Form switch
    {
        DriftForm.Codes => CategoryTally.Read(reader),
        DriftForm.Vectors => VectorTally.Read(reader),
        _ => NumberTally.Read(reader),
    };

    /// <summary>Adds a column of a batch.</summary>
    public abstract void Accept(Column column, int rows);

    /// <summary>Adds what another side's tally of the same column holds.</summary>
    public abstract void Merge(ColumnTally other);

    public abstract void Write(BinaryWriter writer);
}

/// <summary>Numbers, or lengths of texts: a multiset, in bounded memory. Infinities are counted and set aside.</summary>
internal sealed class NumberTally : ColumnTally
{
    /// <summary>Distinct values up to which everything is exact; beyond, values are told apart by leading bits only.</summary>
    public const int MostDistinct = 1 << 17;

    private NumberTally(KeyHistogram values) => Values = values;

    public NumberTally()
        : this(new KeyHistogram(MostDistinct))
    {
    }

    public KeyHistogram Values { get; }

    public long Infinite { get; private set; }

    public override long Count => Values.Count;

    public static NumberTally Read(BinaryReader reader)
    {
        long missing = reader.ReadInt64(), infinite = reader.ReadInt64();
        int bits = reader.ReadByte(), distinct = reader.Read7BitEncodedInt();
        if (distinct is < 0 or > MostDistinct)
        {
            throw new InvalidDataException("a column has an impossible size");
        }

        ulong[] keys = new ulong[distinct];
        long[] counts = new long[distinct];
        for (int i = 0; i < distinct; i++)
        {
            keys[i] = (i > 0 ? keys[i - 1] : 0) + (ulong)reader.Read7BitEncodedInt64();
            counts[i] = reader.Read7BitEncodedInt64();
        }

        return new NumberTally(KeyHistogram.Of(MostDistinct, bits, keys, counts)) { Missing = missing, Infinite = infinite };
    }

    public override void Accept(Column column, int rows)
    {
        if (column is TextColumn text)
        {
            for (int i = 0; i < rows; i++)
            {
                Add(text.Values[i] is { } value ? Length(value) : double.NaN);
            }

            return;
        }

        Accept((NumberColumn)column, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accept(NumberColumn numbers, int rows)
    {
        if (numbers.IsDouble)
        {
            foreach (double value in numbers.Doubles[..rows])
            {
                Add(value);
            }

            return;
        }

        foreach (float value in numbers.Floats[..rows])
        {
            Add(value);
        }
    }

    public override void Merge(ColumnTally other)
    {
        NumberTally numbers = (NumberTally)other;
        Values.Merge(numbers.Values);
        Missing += numbers.Missing;
        Infinite += numbers.Infinite;
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Missing);
        writer.Write(Infinite);
        int distinct = Values.Distinct;
        writer.Write((byte)Values.Bits);
        writer.Write7BitEncodedInt(distinct);
        for (int i = 0; i < distinct; i++)
        {
            // Differences of neighbours are small, so that a cell takes some three bytes.
            writer.Write7BitEncodedInt64((long)(Values.Key(i) - (i > 0 ? Values.Key(i - 1) : 0)));
            writer.Write7BitEncodedInt64(Values.Cell(i).Count);
        }
    }

    /// <summary>Unicode code points.</summary>
    private static int Length(string text)
    {
        int length = text.Length;
        foreach (char c in text)
        {
            length -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return length;
    }

    /// <summary>Adds one value; NaN is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value)
    {
        if (double.IsFinite(value))
        {
            Values.Add(value);
        }
        else if (double.IsNaN(value))
        {
            Missing++;
        }
        else
        {
            Infinite++;
        }
    }
}

/// <summary>How often each value is there. More than <see cref="MostValues"/> of them are counted no further.</summary>
internal sealed class CategoryTally : ColumnTally
{
    /// <summary>Distinct values up to which a column is compared by value.</summary>
    public const int MostValues = 1 << 16;

    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private Domain? domain;
    private long[] byCode = [];
    private long rows;

    /// <summary>More distinct values than are compared; then nothing but rows is known.</summary>
    public bool TooMany { get; private set; }

    public override long Count => rows - Missing;

    /// <summary>Values in ordinal order with their rows; empty where there are too many.</summary>
    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            Settle();
            return counts;
        }
    }

    /// <summary>The domain of a column of this kind, of one dataset.</summary>
    public static Domain Domain(string column) => new(column, 2 * MostValues);

    public static CategoryTally Read(BinaryReader reader)
    {
        CategoryTally tally = new() { Missing = reader.ReadInt64(), rows = reader.ReadInt64(), TooMany = reader.ReadBoolean() };
        int values = reader.ReadInt32();
        if (values is < 0 or > MostValues || tally.Missing < 0 || tally.rows < tally.Missing)
        {
            throw new InvalidDataException("a column has an impossible size");
        }

        long left = tally.rows - tally.Missing;
        for (int i = 0; i < values; i++)
        {
            string value = reader.ReadString();
            long count = reader.ReadInt64();
            if (count <= 0 || count > left || !tally.counts.TryAdd(value, count))
            {
                throw new InvalidDataException("the counts of a column do not agree");
            }

            left -= count;
        }

        return left == 0 || tally.TooMany ? tally : throw new InvalidDataException("the counts of a column do not add up");
    }

    public override void Accept(Column column, int n)
    {
        CodeColumn codes = (CodeColumn)column;
        domain = codes.Domain;
        if (codes.Limit > byCode.Length)
        {
            Array.Resize(ref byCode, Math.Max(codes.Limit, 2 * byCode.Length));
        }

        rows += n;
        switch (codes.Width)
        {
            case 1:
                foreach (byte code in codes.Bytes[..n])
                {
                    byCode[code]++;
                }

                break;
            case 2:
                foreach (ushort code in codes.Shorts[..n])
                {
                    byCode[code]++;
                }

                break;
            default:
                foreach (int code in codes.Ints[..n])
                {
                    byCode[code]++;
                }

                break;
        }
    }

    public override void Merge(ColumnTally other)
    {
        CategoryTally categories = (CategoryTally)other;
        Settle();
        categories.Settle();
        rows += categories.rows;
        Missing += categories.Missing;
        TooMany |= categories.TooMany;
        foreach ((string value, long count) in categories.counts)
        {
            counts[value] = counts.GetValueOrDefault(value) + count;
        }

        Limit();
    }

    public override void Write(BinaryWriter writer)
    {
        Settle();
        writer.Write(Missing);
        writer.Write(rows);
        writer.Write(TooMany);
        writer.Write(counts.Count);
        foreach ((string value, long count) in counts)
        {
            writer.Write(value);
            writer.Write(count);
        }
    }

    /// <summary>Codes become texts, which other datasets have too.</summary>
    private void Settle()
    {
        if (domain is null)
        {
            return;
        }

        if (domain.Overflowed)
        {
            // Code 0 stands for surplus values as well, so missing rows can no longer be told.
            (TooMany, Missing) = (true, 0);
        }
        else
        {
            Missing += byCode[GpuDiag.Columns.Domain.Null];
            for (int code = 1; code < byCode.Length; code++)
            {
                if (byCode[code] > 0)
                {
                    counts[domain.Text(code)] = counts.GetValueOrDefault(domain.Text(code)) + byCode[code];
                }
            }
        }

        domain = null;
        Array.Clear(byCode);
        Limit();
    }

    private void Limit()
    {
        TooMany |= counts.Count > MostValues;
        if (TooMany)
        {
            counts.Clear();
            Missing = 0;
        }
    }
}
