using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Scoring.Rows;

/// <summary>
/// A column of the data that is copied beside the results. Text, booleans, integers of 64 bits, floats and lists of floats
/// keep their type; dates, times and decimals are written as the text that every command here knows them by; of
/// images the bytes are.
/// </summary>
internal sealed class CarriedColumn
{
    private readonly Func<int, PartColumn> make;
    private readonly Action<Column, int, int, PartColumn, int> copy;

    private CarriedColumn(Field field, ColumnForm form, int rowBytes, Func<int, PartColumn> make, Action<Column, int, int, PartColumn, int> copy)
        => (Field, Form, RowBytes, this.make, this.copy) = (field, form, rowBytes, make, copy);

    public Field Field { get; }

    public ColumnForm Form { get; }

    /// <summary>Bytes of a row in memory, about.</summary>
    public int RowBytes { get; }

    /// <summary>Memory for so many rows.</summary>
    public PartColumn Make(int capacity) => make(capacity);

    /// <summary>Copies <paramref name="count"/> rows.</summary>
    public void Copy(Column from, int at, int count, PartColumn to, int row) => copy(from, at, count, to, row);

    /// <param name="field">The column.</param>
    /// <param name="width">Of a list, its length.</param>
    /// <exception cref="InputException">Columns of its type cannot be copied.</exception>
    public static CarriedColumn Of(Field field, int width) => field.Type switch
    {
        FieldType.String or FieldType.Date or FieldType.Timestamp or FieldType.Decimal => new(
            field, ColumnForm.Text, 64, rows => new TextPart(field.Name, rows),
            (from, at, count, to, row) => Array.Copy(((TextColumn)from).Values, at, ((TextPart)to).Values, row, count)),
        FieldType.Integer => Parsed<long>(field, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new InputException($"{text} is beyond the integers of 64 bits", column: field.Name, remedy: "Leave the column out with --carry, or store it as text.")),
        FieldType.Boolean => Parsed<bool>(field, text => text == "true"),
        FieldType.Float32 => new(field, ColumnForm.Numbers, 8, rows => new ValuePart<float>(field.Name, rows), CopyFloats),
        FieldType.Float64 => new(field, ColumnForm.Numbers, 16, rows => new ValuePart<double>(field.Name, rows), CopyDoubles),
        FieldType.Float32List => new(field, ColumnForm.Matrix, 4 * width, rows => new ListPart<float>(field.Name, width, rows), CopyList<float>),
        FieldType.Float64List => new(field, ColumnForm.Matrix, 8 * width, rows => new ListPart<double>(field.Name, width, rows), CopyList<double>),
        FieldType.Binary or FieldType.Image => new(
            field, ColumnForm.Image, 1 << 16, rows => new BytesPart(field.Name, rows),
            (from, at, count, to, row) => Array.Copy(((ImageColumn)from).Bytes, at, ((BytesPart)to).Values, row, count)),
        _ => throw new InputException($"{field.Declared} can't be carried over", column: field.Name, remedy: "Name other columns with --carry, or leave it out."),
    };

    private static CarriedColumn Parsed<T>(Field field, Func<string, T> parse)
        where T : struct
        => new(field, ColumnForm.Text, 48, rows => new ValuePart<T>(field.Name, rows), (from, at, count, to, row) =>
        {
            string?[] texts = ((TextColumn)from).Values;
            T?[] values = ((ValuePart<T>)to).Values;
            for (int i = 0; i < count; i++)
                values[row + i] = texts[at + i] is string text ? parse(text) : null;
        });

    private static void CopyFloats(Column from, int at, int count, PartColumn to, int row)
    {
        var numbers = (NumberColumn)from;
        float?[] values = ((ValuePart<float>)to).Values;
        for (int i = 0; i < count; i++)
        {
            float value = (float)numbers[at + i];
            values[row + i] = float.IsNaN(value) && numbers.Nulls > 0 ? null : value;
        }
    }

    private static void CopyDoubles(Column from, int at, int count, PartColumn to, int row)
    {
        var numbers = (NumberColumn)from;
        double?[] values = ((ValuePart<double>)to).Values;
        for (int i = 0; i < count; i++)
        {
            double value = numbers[at + i];
            values[row + i] = double.IsNaN(value) && numbers.Nulls > 0 ? null : value;
        }
    }

    /// <summary>A row of NaN alone is how a null row comes: it is null again.</summary>
    private static void CopyList<T>(Column from, int at, int count, PartColumn to, int row)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var matrix = (MatrixColumn)from;
        var list = (ListPart<T>)to;
        if (matrix.Width == 0)
            return;
        for (int i = 0; i < count; i++)
        {
            int start = (at + i) * matrix.Width;
            bool isNull = true;
            for (int k = 0; k < matrix.Width && isNull; k++)
                isNull = matrix.NullRows > 0 && (matrix.IsDouble ? double.IsNaN(matrix.Doubles(at + i + 1)[start + k]) : float.IsNaN(matrix.Floats(at + i + 1)[start + k]));
            if (isNull && matrix.NullRows > 0)
                continue;
            Span<T> values = list.Set(row + i);
            for (int k = 0; k < values.Length; k++)
                values[k] = matrix.IsDouble ? T.CreateTruncating(matrix.Doubles(at + i + 1)[start + k]) : T.CreateTruncating(matrix.Floats(at + i + 1)[start + k]);
        }
    }
}
