namespace GpuDiag.Columns.Parquet;

internal enum ParquetPhysical
{
    /// <summary>A group; or a type this tool does not know.</summary>
    None,
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    FixedBytes,
}

internal enum ParquetRepetition
{
    Required,
    Optional,
    Repeated,
}

/// <summary>What the annotation of a schema element says the stored values mean.</summary>
internal enum ParquetMeaning
{
    Plain,
    /// <summary>UTF-8: string, enum, json.</summary>
    Text,
    Unsigned,
    Decimal,
    Date,
    Timestamp,
    Uuid,
    Float16,
    List,
    /// <summary>A column of nothing but nulls, written without a type.</summary>
    Null,
    /// <summary>Map, time of day, interval, geometry, variant: nothing this tool reads.</summary>
    Other,
}

/// <summary>A schema element, whichever library parsed the footer.</summary>
/// <param name="Length">Bytes per value, for <see cref="ParquetPhysical.FixedBytes"/>.</param>
/// <param name="Scale">Digits after the point, for decimals.</param>
/// <param name="UnitsPerSecond">For timestamps: 1,000, 1,000,000 or 1,000,000,000.</param>
/// <param name="Utc">For timestamps: counted in UTC rather than a local time.</param>
internal sealed record ParquetNode(
    string Name,
    ParquetRepetition Repetition,
    ParquetPhysical Physical = ParquetPhysical.None,
    ParquetMeaning Meaning = ParquetMeaning.Plain,
    int Length = 0,
    int Scale = 0,
    long UnitsPerSecond = 1,
    bool Utc = false)
{
    /// <summary>Empty for a leaf.</summary>
    internal IReadOnlyList<ParquetNode> Children { get; init; } = [];

    internal bool IsLeaf => Physical != ParquetPhysical.None;

    internal int Leaves => IsLeaf ? 1 : Children.Sum(c => c.Leaves);
}
