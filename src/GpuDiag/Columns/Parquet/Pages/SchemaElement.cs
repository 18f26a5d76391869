namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>One element of the footer's depth-first schema list, in parquet.thrift's numbers; −1 where not stated.</summary>
internal sealed record SchemaElement
{
    public string Name { get; init; } = "";

    public int Physical { get; init; } = -1;

    public int Length { get; init; }

    public int Repetition { get; init; }

    public int Children { get; init; }

    public int Converted { get; init; } = -1;

    public int Scale { get; init; }

    /// <summary>Member of the LogicalType union.</summary>
    public int Logical { get; init; } = -1;

    /// <summary>Of a logical INTEGER.</summary>
    public bool Signed { get; init; } = true;

    /// <summary>Of a logical TIMESTAMP.</summary>
    public bool Utc { get; init; }

    /// <summary>Of a logical TIMESTAMP: 1 ms, 2 µs, 3 ns.</summary>
    public int Unit { get; init; }

    public ParquetNode ToNode(IReadOnlyList<ParquetNode> children)
    {
        ParquetMeaning meaning = Logical >= 0 ? FromLogical() : FromConverted();
        ParquetNode node = new(Name, (ParquetRepetition)Repetition, Meaning: meaning) { Children = children };
        if (children.Count > 0)
        {
            return node;
        }

        bool timed = meaning == ParquetMeaning.Timestamp;
        int unit = Logical >= 0 ? Unit : Converted - 8;
        ParquetPhysical physical = Physical switch
        {
            0 => ParquetPhysical.Boolean,
            1 => ParquetPhysical.Int32,
            2 => ParquetPhysical.Int64,
            3 => ParquetPhysical.Int96,
            4 => ParquetPhysical.Float,
            5 => ParquetPhysical.Double,
            6 => ParquetPhysical.Bytes,
            7 => ParquetPhysical.FixedBytes,
            _ => throw new InvalidDataException($"column '{Name}' of physical type {Physical}"),
        };
        return node with
        {
            Physical = physical,
            Length = physical == ParquetPhysical.FixedBytes ? Length : 0,
            Scale = meaning == ParquetMeaning.Decimal ? Scale : 0,
            UnitsPerSecond = !timed ? 1 : unit switch { 1 => 1000, 2 => 1_000_000, _ => 1_000_000_000 },
            Utc = timed && (Utc || Logical < 0),
        };
    }

    private ParquetMeaning FromLogical() => Logical switch
    {
        1 or 4 or 12 => ParquetMeaning.Text,
        3 => ParquetMeaning.List,
        5 => ParquetMeaning.Decimal,
        6 => ParquetMeaning.Date,
        8 => ParquetMeaning.Timestamp,
        10 => Signed ? ParquetMeaning.Plain : ParquetMeaning.Unsigned,
        11 => ParquetMeaning.Null,
        13 => ParquetMeaning.Plain,
        14 => ParquetMeaning.Uuid,
        15 => ParquetMeaning.Float16,
        _ => ParquetMeaning.Other,
    };

    private ParquetMeaning FromConverted() => Converted switch
    {
        -1 or (>= 15 and <= 18) or 20 => ParquetMeaning.Plain,
        0 or 4 or 19 => ParquetMeaning.Text,
        3 => ParquetMeaning.List,
        5 => ParquetMeaning.Decimal,
        6 => ParquetMeaning.Date,
        9 or 10 => ParquetMeaning.Timestamp,
        >= 11 and <= 14 => ParquetMeaning.Unsigned,
        _ => ParquetMeaning.Other,
    };
}
