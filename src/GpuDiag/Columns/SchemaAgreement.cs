namespace GpuDiag.Columns;

/// <summary>Whether files are one table.</summary>
internal static class SchemaAgreement
{
    /// <summary>Widens <paramref name="fields"/> to what also holds <paramref name="source"/>, by name, in any order.</summary>
    /// <exception cref="InputException">A column is in one file only, or of another type.</exception>
    internal static void Join(List<Field> fields, string firstFile, ISource source)
    {
        Dictionary<string, Field> others = source.Fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        for (int i = 0; i < fields.Count; i++)
        {
            Field field = fields[i];
            if (!others.Remove(field.Name, out Field? other))
            {
                throw new InputException($"is missing here, but in {firstFile}", source.Path, field.Name, "Scan the files apart, or give them one schema.");
            }

            if (Wider(field.Type) != Wider(other.Type))
            {
                throw new InputException(
                    $"is {other.Declared} here, but {field.Declared} in {firstFile}", source.Path, field.Name, "Give the files one schema.");
            }

            if (field.Type != other.Type)
            {
                fields[i] = field with { Type = Wider(field.Type), Declared = field.Type == Wider(field.Type) ? field.Declared : other.Declared };
            }
        }

        if (others.Count > 0)
        {
            string extra = source.Fields.First(f => others.ContainsKey(f.Name)).Name;
            throw new InputException($"is missing in {firstFile}", source.Path, extra, "Scan the files apart, or give them one schema.");
        }
    }

    private static FieldType Wider(FieldType type) => type switch
    {
        FieldType.Float32 => FieldType.Float64,
        FieldType.Float32List => FieldType.Float64List,
        _ => type,
    };
}
