namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>How the decoder takes stored values apart.</summary>
internal enum ValueKind
{
    Boolean,
    Int32,
    /// <summary>INT32 holding an unsigned integer.</summary>
    UInt32,
    Int64,
    Float,
    Double,
    Bytes,
}

internal static class ValueKinds
{
    /// <summary>Null where a leaf is left to the library: fixed-size bytes, INT96, lists, nulls without a type.</summary>
    public static ValueKind? Of(ParquetLeaf leaf) => (leaf.Node.Physical, leaf.Node.Meaning) switch
    {
        _ when leaf.MaxRepetition > 0 || leaf.Node.Meaning is ParquetMeaning.Null or ParquetMeaning.Other => null,
        (ParquetPhysical.Boolean, _) => ValueKind.Boolean,
        (ParquetPhysical.Int32, ParquetMeaning.Unsigned) => ValueKind.UInt32,
        (ParquetPhysical.Int32, _) => ValueKind.Int32,
        (ParquetPhysical.Int64, _) => ValueKind.Int64,
        (ParquetPhysical.Float, _) => ValueKind.Float,
        (ParquetPhysical.Double, _) => ValueKind.Double,
        (ParquetPhysical.Bytes, _) => ValueKind.Bytes,
        _ => null,
    };

    /// <summary>parquet.thrift's Type.</summary>
    public static int Physical(this ValueKind kind) => kind switch
    {
        ValueKind.Boolean => 0,
        ValueKind.Int32 or ValueKind.UInt32 => 1,
        ValueKind.Int64 => 2,
        ValueKind.Float => 4,
        ValueKind.Double => 5,
        _ => 6,
    };
}
