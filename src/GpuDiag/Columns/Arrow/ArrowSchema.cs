namespace GpuDiag.Columns.Arrow;

/// <summary>Reads the schema of Arrow IPC metadata (Schema.fbs).</summary>
internal static class ArrowSchema
{
    private const int MostDepth = 64;

    internal static IReadOnlyList<ArrowField> Fields(FlatTable schema)
    {
        if (schema.Int16(0) != 0)
        {
            throw new InvalidDataException("the values are big-endian");
        }

        return Children(schema, 1, 0);
    }

    private static ArrowField[] Children(FlatTable table, int field, int depth)
    {
        if (depth > MostDepth)
        {
            throw new InvalidDataException("the schema's nesting is damaged");
        }

        ArrowField[] fields = new ArrowField[table.Count(field)];
        for (int i = 0; i < fields.Length; i++)
        {
            FlatTable child = table.TableAt(field, i);
            ArrowField plain = Typed(child.Text(0) ?? "", child.Byte(2), child, Children(child, 5, depth + 1));
            fields[i] = child.Has(4) ? Encoded(plain, child.Table(4)) : plain;
        }

        return fields;
    }

    private static ArrowField Encoded(ArrowField values, FlatTable encoding)
    {
        (int bits, bool signed) = encoding.Has(1) ? (encoding.Table(1).Int32(0), encoding.Table(1).Bool(1)) : (32, true);
        bool scalar = values.Layout is ArrowLayout.Bits or ArrowLayout.Fixed or ArrowLayout.Bytes
            or ArrowLayout.LargeBytes or ArrowLayout.Views;
        return values with
        {
            Dictionary = encoding.Int64(0),
            Index = Integer(values.Name, bits, signed),
            Type = scalar ? values.Type : FieldType.Unsupported,
        };
    }

    private static ArrowField Typed(string name, int type, FlatTable field, ArrowField[] children)
    {
        FlatTable details = type is 0 ? field : field.Table(3);
        ArrowField made = type switch
        {
            1 => new(name, ArrowLayout.Null, FieldType.String, "null", 0),
            2 => Integer(name, details.Int32(0), details.Bool(1)),
            3 => Float(name, details.Int16(0)),
            4 => new(name, ArrowLayout.Bytes, FieldType.Binary, "binary", 3),
            5 => new(name, ArrowLayout.Bytes, FieldType.String, "string", 3),
            6 => new(name, ArrowLayout.Bits, FieldType.Boolean, "bool", 2),
            7 => Decimal(name, details.Int32(1), details.Int32(2, 128)),
            8 => details.Int16(0, 1) == 0
                ? new(name, ArrowLayout.Fixed, FieldType.Date, "date32", 2, 4)
                : new(name, ArrowLayout.Fixed, FieldType.Date, "date64", 2, 8, UnitsPerSecond: 1000),
            9 => Unread(name, "time", 2),
            10 => Timestamp(name, details.Int16(0), details.Text(1)),
            11 => Unread(name, "interval", 2),
            12 => List(name, ArrowLayout.List, 2, 0, children),
            13 => Struct(name, children),
            14 => Unread(name, "union", details.Int16(0) == 0 ? 1 : 2),
            15 => new(name, ArrowLayout.Fixed, FieldType.Binary, $"fixed_size_binary({details.Int32(0)})", 2, details.Int32(0)),
            16 => List(name, ArrowLayout.FixedList, 1, details.Int32(0), children),
            17 => Unread(name, "map", 2),
            18 => Unread(name, "duration", 2),
            19 => new(name, ArrowLayout.LargeBytes, FieldType.Binary, "large_binary", 3),
            20 => new(name, ArrowLayout.LargeBytes, FieldType.String, "large_string", 3),
            21 => List(name, ArrowLayout.LargeList, 2, 0, children),
            22 => Unread(name, "run_end_encoded", 0),
            23 => new(name, ArrowLayout.Views, FieldType.Binary, "binary_view", 2),
            24 => new(name, ArrowLayout.Views, FieldType.String, "string_view", 2),
            25 or 26 => Unread(name, "list_view", 3),
            _ => throw new InvalidDataException($"type {type} of column '{name}' is unknown"),
        };
        return made.Width >= 0
            ? made with { Children = children }
            : throw new InvalidDataException($"column '{name}' has a negative width");
    }

    private static ArrowField Integer(string name, int bits, bool signed) => bits is 8 or 16 or 32 or 64
        ? new ArrowField(name, ArrowLayout.Fixed, FieldType.Integer, $"{(signed ? "" : "u")}int{bits}", 2, bits / 8, signed)
        : throw new InvalidDataException($"column '{name}' has integers of {bits} bits");

    private static ArrowField Float(string name, int precision) => precision switch
    {
        0 => new(name, ArrowLayout.Fixed, FieldType.Float32, "float16", 2, 2),
        1 => new(name, ArrowLayout.Fixed, FieldType.Float32, "float32", 2, 4),
        2 => new(name, ArrowLayout.Fixed, FieldType.Float64, "float64", 2, 8),
        _ => throw new InvalidDataException($"column '{name}' has floats of an unknown precision"),
    };

    private static ArrowField Decimal(string name, int scale, int bits) => bits is 32 or 64 or 128 or 256
        ? new ArrowField(name, ArrowLayout.Fixed, FieldType.Decimal, $"decimal{bits}(scale {scale})", 2, bits / 8, Scale: scale)
        : throw new InvalidDataException($"column '{name}' has decimals of {bits} bits");

    private static ArrowField Timestamp(string name, int unit, string? zone)
    {
        (long units, string word) = unit switch { 0 => (1L, "s"), 1 => (1000, "ms"), 2 => (1_000_000, "us"), _ => (1_000_000_000, "ns") };
        bool utc = !string.IsNullOrEmpty(zone);
        string declared = $"timestamp[{word}{(utc ? ", " + zone : "")}]";
        return new(name, ArrowLayout.Fixed, FieldType.Timestamp, declared, 2, 8, UnitsPerSecond: units, Utc: utc);
    }

    private static ArrowField List(string name, ArrowLayout layout, int buffers, int width, ArrowField[] children)
    {
        ArrowField? item = children is [{ Dictionary: null } only] ? only : null;
        FieldType type = item?.Type switch
        {
            FieldType.Float32 => FieldType.Float32List,
            FieldType.Float64 or FieldType.Integer => FieldType.Float64List,
            _ => FieldType.Unsupported,
        };
        return new(name, layout, type, $"list<{item?.Declared ?? "…"}>", buffers, width);
    }

    private static ArrowField Struct(string name, ArrowField[] children)
    {
        bool image = children.FirstOrDefault(c => c.Name == "bytes") is { Dictionary: null, Layout: ArrowLayout.Bytes or ArrowLayout.LargeBytes or ArrowLayout.Views }
            && children.FirstOrDefault(c => c.Name == "path") is { Dictionary: null, Layout: ArrowLayout.Bytes or ArrowLayout.LargeBytes or ArrowLayout.Views, Type: FieldType.String };
        string declared = $"struct<{string.Join(", ", children.Take(6).Select(c => c.Name))}>";
        return new(name, ArrowLayout.Other, image ? FieldType.Image : FieldType.Unsupported, declared, 1);
    }

    private static ArrowField Unread(string name, string declared, int buffers) =>
        new(name, ArrowLayout.Other, FieldType.Unsupported, declared, buffers);
}
