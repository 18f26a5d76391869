namespace GpuDiag.Columns.Arrow;

/// <summary>How the values of a field lie in memory.</summary>
internal enum ArrowLayout
{
    /// <summary>No buffers: every row is null.</summary>
    Null,
    /// <summary>One bit per row.</summary>
    Bits,
    /// <summary><see cref="ArrowField.Width"/> bytes per row.</summary>
    Fixed,
    /// <summary>Bytes between 32-bit offsets.</summary>
    Bytes,
    /// <summary>Bytes between 64-bit offsets.</summary>
    LargeBytes,
    /// <summary>Short strings in place, long ones in further buffers.</summary>
    Views,
    /// <summary>Elements of the one child between 32-bit offsets.</summary>
    List,
    LargeList,
    /// <summary><see cref="ArrowField.Width"/> elements of the one child per row.</summary>
    FixedList,
    /// <summary>Anything else: listed, never read.</summary>
    Other,
}

/// <summary>A field of an Arrow schema.</summary>
/// <param name="Type">The kind of values; of a dictionary field, of the dictionary's values.</param>
/// <param name="Width">Bytes per value; of a fixed-size list, elements per row.</param>
/// <param name="Signed">For integers.</param>
/// <param name="Scale">For decimals.</param>
/// <param name="UnitsPerSecond">For timestamps; for dates, 0 where days are counted and 1,000 where milliseconds are.</param>
/// <param name="Utc">For timestamps: with a time zone.</param>
/// <param name="Buffers">Of this field alone; <see cref="ArrowLayout.Views"/> has further ones that each batch counts.</param>
internal sealed record ArrowField(
    string Name,
    ArrowLayout Layout,
    FieldType Type,
    string Declared,
    int Buffers,
    int Width = 0,
    bool Signed = true,
    int Scale = 0,
    long UnitsPerSecond = 0,
    bool Utc = false)
{
    internal IReadOnlyList<ArrowField> Children { get; init; } = [];

    /// <summary>For a dictionary field: the number of its dictionary.</summary>
    internal long? Dictionary { get; init; }

    /// <summary>For a dictionary field: how its indices lie; they are integers.</summary>
    internal ArrowField? Index { get; init; }

    internal Field Field => new(
        Name, Type, Dictionary is null ? Declared : $"dictionary<{Declared}>", Layout == ArrowLayout.FixedList ? Width : 0);
}
