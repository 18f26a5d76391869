namespace GpuDiag.Columns.Parquet;

/// <summary>Sorts the fields of a Parquet schema into the types that this tool tells apart, by the rules of the format's LogicalTypes.md.</summary>
internal static class ParquetSchema
{
    /// <summary>One entry per top-level field, in file order.</summary>
    /// <exception cref="InputException">Two fields have one name.</exception>
    internal static IReadOnlyList<ParquetLeaf> Leaves(IReadOnlyList<ParquetNode> roots, string file)
    {
        List<ParquetLeaf> leaves = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        int column = 0;
        foreach (ParquetNode root in roots)
        {
            if (!names.Add(root.Name))
            {
                throw new InputException("two columns have this name", file, root.Name, "Rename one of them.");
            }

            leaves.Add(Classify(root, column));
            column += root.Leaves;
        }

        return leaves;
    }

    private static ParquetLeaf Classify(ParquetNode root, int column)
    {
        short definition = root.Repetition == ParquetRepetition.Required ? (short)0 : (short)1;
        if (root.IsLeaf)
        {
            return root.Repetition == ParquetRepetition.Repeated
                ? List(root.Name, column, root, definition, definition)
                : new ParquetLeaf(new Field(root.Name, Scalar(root), Declared(root)), column, root, definition, 0);
        }

        if (root.Meaning == ParquetMeaning.List && root.Children is [{ Repetition: ParquetRepetition.Repeated } repeated])
        {
            short element = (short)(definition + 1);
            if (repeated.IsLeaf)
            {
                return List(root.Name, column, repeated, element, element);
            }

            // A repeated group named so is itself the element (a struct), by the backward-compatibility rules.
            bool isElement = repeated.Name == "array" || repeated.Name == root.Name + "_tuple";
            if (!isElement && repeated.Children is [{ IsLeaf: true, Repetition: not ParquetRepetition.Repeated } item])
            {
                short value = (short)(element + (item.Repetition == ParquetRepetition.Optional ? 1 : 0));
                return List(root.Name, column, item, element, value);
            }

            return Unread(root.Name, column, FieldType.Unsupported, "list<…>");
        }

        bool image = root.Meaning == ParquetMeaning.Plain && root.Repetition != ParquetRepetition.Repeated
            && root.Children.FirstOrDefault(c => c.Name == "bytes") is { Physical: ParquetPhysical.Bytes, Repetition: not ParquetRepetition.Repeated }
            && root.Children.FirstOrDefault(c => c.Name == "path") is { Physical: ParquetPhysical.Bytes, Repetition: not ParquetRepetition.Repeated };
        string declared = root.Meaning == ParquetMeaning.Plain
            ? $"struct<{string.Join(", ", root.Children.Take(6).Select(c => c.Name))}>"
            : "map or other nested type";
        return image ? Image(root, column, definition, declared) : Unread(root.Name, column, FieldType.Unsupported, declared);
    }

    private static ParquetLeaf Image(ParquetNode root, int column, short definition, string declared)
    {
        Field field = new(root.Name, FieldType.Image, declared);
        return Part("bytes") with { Paths = Part("path") };

        ParquetLeaf Part(string name)
        {
            ParquetNode[] before = [.. root.Children.TakeWhile(c => c.Name != name)];
            ParquetNode node = root.Children[before.Length];
            short present = (short)(definition + (node.Repetition == ParquetRepetition.Optional ? 1 : 0));
            return new ParquetLeaf(field, column + before.Sum(c => c.Leaves), node, present, 0);
        }
    }

    private static ParquetLeaf Unread(string name, int column, FieldType type, string declared) =>
        new(new Field(name, type, declared), column, new ParquetNode(name, ParquetRepetition.Optional), 0, 0);

    private static ParquetLeaf List(string name, int column, ParquetNode item, short element, short value)
    {
        FieldType type = Scalar(item) switch
        {
            FieldType.Float32 => FieldType.Float32List,
            FieldType.Float64 or FieldType.Integer => FieldType.Float64List,
            _ => FieldType.Unsupported,
        };
        return new ParquetLeaf(new Field(name, type, $"list<{Declared(item)}>"), column, item, value, 1) { ElementDefinition = element };
    }

    private static FieldType Scalar(ParquetNode leaf) => (leaf.Meaning, leaf.Physical) switch
    {
        (ParquetMeaning.Null, _) => FieldType.String,
        (ParquetMeaning.Text, ParquetPhysical.Bytes) => FieldType.String,
        (ParquetMeaning.Uuid, ParquetPhysical.FixedBytes) when leaf.Length == 16 => FieldType.String,
        (ParquetMeaning.Float16, ParquetPhysical.FixedBytes) when leaf.Length == 2 => FieldType.Float32,
        (ParquetMeaning.Decimal, ParquetPhysical.Int32 or ParquetPhysical.Int64 or ParquetPhysical.Bytes or ParquetPhysical.FixedBytes) =>
            FieldType.Decimal,
        (ParquetMeaning.Date, ParquetPhysical.Int32) => FieldType.Date,
        (ParquetMeaning.Timestamp, ParquetPhysical.Int64) => FieldType.Timestamp,
        (ParquetMeaning.Plain, ParquetPhysical.Int96) => FieldType.Timestamp,
        (ParquetMeaning.Plain or ParquetMeaning.Unsigned, ParquetPhysical.Int32 or ParquetPhysical.Int64) => FieldType.Integer,
        (ParquetMeaning.Plain, ParquetPhysical.Boolean) => FieldType.Boolean,
        (ParquetMeaning.Plain, ParquetPhysical.Float) => FieldType.Float32,
        (ParquetMeaning.Plain, ParquetPhysical.Double) => FieldType.Float64,
        (ParquetMeaning.Plain, ParquetPhysical.Bytes or ParquetPhysical.FixedBytes) => FieldType.Binary,
        _ => FieldType.Unsupported,
    };

    private static string Declared(ParquetNode leaf) => leaf.Meaning switch
    {
        ParquetMeaning.Text => "string",
        ParquetMeaning.Unsigned => leaf.Physical == ParquetPhysical.Int32 ? "uint32" : "uint64",
        ParquetMeaning.Decimal => $"decimal(scale {leaf.Scale})",
        ParquetMeaning.Date => "date",
        ParquetMeaning.Timestamp => leaf.UnitsPerSecond switch { 1000 => "timestamp[ms", 1_000_000 => "timestamp[us", _ => "timestamp[ns" }
            + (leaf.Utc ? ", UTC]" : "]"),
        ParquetMeaning.Uuid => "uuid",
        ParquetMeaning.Float16 => "float16",
        ParquetMeaning.Null => "null",
        ParquetMeaning.Other or ParquetMeaning.List => "an unsupported type",
        _ => leaf.Physical switch
        {
            ParquetPhysical.FixedBytes => $"fixed_size_binary({leaf.Length})",
            ParquetPhysical.Bytes => "binary",
            _ => leaf.Physical.ToString().ToLowerInvariant(),
        },
    };
}
