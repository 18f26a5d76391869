namespace GpuDiag.Columns;

/// <summary>Which field can be carried in which form; the same for every source.</summary>
internal static class FormRules
{
    /// <summary>The field that a request names.</summary>
    /// <exception cref="InputException">There is none, or its type cannot be carried in the form asked for.</exception>
    internal static Field Resolve(string file, IReadOnlyList<Field> fields, ColumnRequest request)
    {
        Field? field = fields.FirstOrDefault(f => f.Name == request.Column);
        if (field is null)
        {
            string names = string.Join(", ", fields.Take(20).Select(f => f.Name)) + (fields.Count > 20 ? ", …" : "");
            throw new InputException("no such column", file, request.Column, $"The columns are: {names}.");
        }

        if (!Allows(field.Type, request.Form))
        {
            throw new InputException(
                $"{field.Declared} cannot be read as {Wording(request.Form)}", file, field.Name, Remedy(field.Type, request.Form));
        }

        return field;
    }

    internal static bool Allows(FieldType type, ColumnForm form) => form switch
    {
        ColumnForm.Codes => type is FieldType.Boolean or FieldType.Integer or FieldType.String or FieldType.Date
            or FieldType.Timestamp or FieldType.Decimal,
        ColumnForm.Numbers => type is FieldType.Boolean or FieldType.Integer or FieldType.Float32 or FieldType.Float64
            or FieldType.Decimal,
        ColumnForm.Matrix => type is FieldType.Float32List or FieldType.Float64List,
        ColumnForm.Image => type is FieldType.Binary or FieldType.String or FieldType.Image,
        _ => type is FieldType.Boolean or FieldType.Integer or FieldType.Float32 or FieldType.Float64 or FieldType.Decimal
            or FieldType.String or FieldType.Date or FieldType.Timestamp or FieldType.Binary,
    };

    private static string Wording(ColumnForm form) => form switch
    {
        ColumnForm.Codes => "categories",
        ColumnForm.Numbers => "numbers",
        ColumnForm.Matrix => "a list of numbers per row",
        ColumnForm.Image => "images",
        _ => "text",
    };

    private static string Remedy(FieldType type, ColumnForm form) => (type, form) switch
    {
        (FieldType.Float32 or FieldType.Float64, ColumnForm.Codes) => "Cast it to integer or string, or name another column.",
        (FieldType.Binary, ColumnForm.Codes) => "Cast it to string, or name another column.",
        (FieldType.String, ColumnForm.Numbers) => "Cast it to a number, or name another column.",
        (_, ColumnForm.Image) => "Store the bytes of image files, a {bytes, path} struct, or paths as text.",
        (_, ColumnForm.Matrix) => "Store a list of float or double, or give a .npy file.",
        _ => "Name another column, or cast it to string, integer, float or a list of floats.",
    };
}
