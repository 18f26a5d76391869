using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>Finds the columns of vectors and ids: by option, else by conventional name without regard to case.</summary>
internal sealed class VectorRoles(IReadOnlyList<Field> fields, string file)
{
    private readonly List<RoleTaken> taken = [];

    public IReadOnlyList<RoleTaken> Taken => taken;

    /// <summary>The column asked for, or the first of the conventional names, or the only list of numbers there is.</summary>
    public Field Embedding(string? option)
    {
        if (option is not null)
        {
            Field named = Named("embedding", option);
            return IsList(named)
                ? Take("embedding", named, "option")
                : throw new InputException(
                    $"is {named.Declared}, not a list of numbers per row", file, named.Name, $"Name another column with --embedding. The columns are: {Names}.");
        }

        Field? found = RoleNames.Embedding.Select(Find).FirstOrDefault(f => f is not null && IsList(f));
        if (found is not null)
        {
            return Take("embedding", found, "name");
        }

        Field[] lists = [.. fields.Where(IsList)];
        return lists is [{ } only]
            ? Take("embedding", only, "only list")
            : throw new InputException(
                lists.Length == 0 ? "no column holds a list of numbers per row" : $"{lists.Length} columns hold lists of numbers, none by a usual name",
                file, null, $"Name the column, or an .npy file, with --embedding. The columns are: {Names}.");
    }

    /// <summary>The column asked for, or the first of the conventional names; null for row numbers.</summary>
    public Field? Id(string? option)
    {
        if (option == "none" && Find("none") is null)
        {
            return null;
        }

        Field? field = option is not null ? Named("id", option) : RoleNames.Id.Select(Find).FirstOrDefault(f => f is not null && IsId(f));
        return field is null ? null
            : IsId(field) ? Take("id", field, option is null ? "name" : "option")
            : throw new InputException($"is {field.Declared}, which cannot be an id", file, field.Name, "Name a column of text or integers with --id, or say --id none.");
    }

    private string Names => string.Join(", ", fields.Take(20).Select(f => f.Name)) + (fields.Count > 20 ? ", …" : "");

    private static bool IsList(Field field) => field.Type is FieldType.Float32List or FieldType.Float64List;

    private static bool IsId(Field field) =>
        field.Type is FieldType.Integer or FieldType.String or FieldType.Boolean or FieldType.Date or FieldType.Timestamp or FieldType.Decimal;

    private Field? Find(string name) =>
        fields.FirstOrDefault(f => f.Name == name) ?? fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    private Field Named(string role, string name) =>
        Find(name) ?? throw new InputException($"there is no such column (asked for by --{role})", file, name, $"The columns are: {Names}.");

    private Field Take(string role, Field field, string how)
    {
        taken.Add(new RoleTaken(role, field.Name, how));
        return field;
    }
}
