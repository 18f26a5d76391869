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

    /// <summary>Reads a file with a line of names; fields may be quoted, and hold commas, quotes and line ends then.</summary>
    /// <exception cref="InputException">It cannot be read, a quote is not closed, or a line has another number of fields.</exception>
    public static (string[] Names, List<string[]> Rows) Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InputException(fault is DecoderFallbackException ? "is not UTF-8" : $"can't be read: {fault.Message}", file, remedy: "Save it as CSV in UTF-8.", inner: fault);
        }
        List<string[]> lines = [];
        List<string> fields = [];
        var field = new StringBuilder();
        bool quoted = false, any = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    quoted = false;
                continue;
            }
            switch (c)
            {
                case '"':
                    (quoted, any) = (true, true);
                    break;
                case ',':
                    fields.Add(field.ToString());
                    field.Clear();
                    any = true;
                    break;
                case '\n' or '\r':
                    End();
                    break;
                default:
                    field.Append(c);
                    any = true;
                    break;
            }
        }
        End();
        if (quoted)
            throw new InputException("a quoted field has no end", file, remedy: "Close the quotes, or write quotes within a field twice.");
        if (lines.Count == 0)
            throw new InputException("the file is empty", file, remedy: "Give a line of column names, and a line per row.");
        int wrong = lines.FindIndex(l => l.Length != lines[0].Length);
        if (wrong > 0)
            throw new InputException($"row {wrong} has {lines[wrong].Length} fields where the first line names {lines[0].Length}", file, remedy: "Separate fields by commas, and put quotes around those that hold one.");
        return (lines[0], lines[1..]);

        void End()
        {
            if (!any)
                return;
            fields.Add(field.ToString());
            field.Clear();
            lines.Add([.. fields]);
            fields.Clear();
            any = false;
        }
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
