using System.Globalization;
using System.Text;

namespace GpuDiag.Reports.Mining;

/// <summary>Comma-separated values as RFC 4180 has them, in UTF-8, lines ended by <c>\n</c>; undefined numbers are empty.</summary>
internal static class CsvFile
{
    public static void Write<TRow>(Stream stream, IEnumerable<TRow> rows, params (string Name, Func<TRow, object?> Value)[] columns)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 14, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', columns.Select(c => Cell(c.Name))));
        foreach (var row in rows)
            writer.WriteLine(string.Join(',', columns.Select(c => Cell(Text(c.Value(row))))));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        double v => double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Cell(string text)
        => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
