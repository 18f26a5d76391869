using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Which types of columns can play which roles.</summary>
internal static class RoleTypes
{
    public static FieldType[] Categories { get; } =
        [FieldType.Boolean, FieldType.Integer, FieldType.String, FieldType.Date, FieldType.Timestamp, FieldType.Decimal];

    public static FieldType[] Floats { get; } = [FieldType.Float32, FieldType.Float64];

    /// <summary>Classes; whole numbers may be stored as floats.</summary>
    public static FieldType[] Classes { get; } = [.. Categories, .. Floats];

    public static FieldType[] Confidence { get; } = [.. Floats, FieldType.Decimal];

    public static FieldType[] Lists { get; } = [FieldType.Float32List, FieldType.Float64List];

    /// <summary>Bytes, paths, or both.</summary>
    public static FieldType[] Images { get; } = [FieldType.Binary, FieldType.Image, FieldType.String];

    /// <summary>Bytes or text, whose equality tells duplicates.</summary>
    public static FieldType[] Contents { get; } = [FieldType.Binary, FieldType.String];
}
