using Onnx;

namespace GpuDiag.Scoring.Models;

/// <summary>The kinds of numbers that a model's inputs and outputs can be here.</summary>
internal enum PortType
{
    Float,
    Double,
    Int64,
    Int32,
    Int8,
    Byte,
    Bool,
    /// <summary>16-bit floating point.</summary>
    Half,
    String,
    /// <summary>A sequence, a map, or a type not listed here.</summary>
    Other,
}

/// <summary>An input or output of a model.</summary>
/// <param name="Dims">Sizes; −1 where the model leaves one open. Empty where it has no dimension or states none.</param>
/// <param name="Declared">As the model words it, for messages: <c>float [N, 3, 224, 224]</c>.</param>
internal sealed record ModelPort(string Name, PortType Type, IReadOnlyList<long> Dims, string Declared)
{
    /// <summary>Bytes per value; 0 where values have no fixed size.</summary>
    public int Size => Type switch
    {
        PortType.Float or PortType.Int32 => 4,
        PortType.Double or PortType.Int64 => 8,
        PortType.Half => 2,
        PortType.Int8 or PortType.Byte or PortType.Bool => 1,
        _ => 0,
    };

    public static ModelPort From(ValueInfoProto value)
    {
        var type = value.Type;
        if (type?.ValueCase != TypeProto.ValueOneofCase.TensorType)
            return new ModelPort(value.Name, PortType.Other, [], type?.ValueCase switch
            {
                TypeProto.ValueOneofCase.SequenceType => "a sequence",
                TypeProto.ValueOneofCase.MapType => "a map",
                TypeProto.ValueOneofCase.OptionalType => "an optional value",
                TypeProto.ValueOneofCase.SparseTensorType => "a sparse tensor",
                _ => "of no stated type",
            });
        var element = (TensorProto.Types.DataType)type.TensorType.ElemType;
        var dims = type.TensorType.Shape?.Dim;
        long[] sizes = [.. (dims ?? []).Select(d => d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? d.DimValue : -1)];
        string shape = dims is null ? "" : $" [{string.Join(", ", dims.Select(d =>
            d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? $"{d.DimValue}" : d.DimParam.Length > 0 ? d.DimParam : "?"))}]";
        return new ModelPort(value.Name, Kind(element), sizes, element.ToString().ToLowerInvariant() + shape);
    }

    private static PortType Kind(TensorProto.Types.DataType element) => element switch
    {
        TensorProto.Types.DataType.Float => PortType.Float,
        TensorProto.Types.DataType.Double => PortType.Double,
        TensorProto.Types.DataType.Float16 => PortType.Half,
        TensorProto.Types.DataType.Int64 => PortType.Int64,
        TensorProto.Types.DataType.Int32 => PortType.Int32,
        TensorProto.Types.DataType.Int8 => PortType.Int8,
        TensorProto.Types.DataType.Uint8 => PortType.Byte,
        TensorProto.Types.DataType.Bool => PortType.Bool,
        TensorProto.Types.DataType.String => PortType.String,
        _ => PortType.Other,
    };
}
