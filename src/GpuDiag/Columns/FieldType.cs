namespace GpuDiag.Columns;

/// <summary>What a column holds, as far as this tool tells types apart. Widths and nullability are not part of it.</summary>
public enum FieldType
{
    Boolean,
    /// <summary>Any signed or unsigned integer of at most 64 bits.</summary>
    Integer,
    /// <summary>float16, float32.</summary>
    Float32,
    Float64,
    Decimal,
    /// <summary>UTF-8 text, dictionary-encoded or not, large or not.</summary>
    String,
    Date,
    Timestamp,
    /// <summary>Bytes without a text meaning.</summary>
    Binary,
    /// <summary>A list, large list or fixed-size list of float16/32; also FIXED_LEN_BYTE_ARRAY never: that is Binary.</summary>
    Float32List,
    /// <summary>A list of float64, or of integers, which become doubles.</summary>
    Float64List,
    /// <summary>A <c>{bytes, path}</c> struct, as image datasets are written.</summary>
    Image,
    /// <summary>Anything else: nested structs, maps, lists of lists. Refused with a message when a role asks for it.</summary>
    Unsupported,
}
