using System.Globalization;
using System.Text.Json;
using GpuDiag.Columns;

namespace GpuDiag.Reports.Html;

/// <summary>
/// One column of a <see cref="PageTable"/>, gathered and written: text once each in <c>d</c>, by place in <c>v</c>; numbers in
/// <c>v</c>; of packed tables base64url of little-endian integers in <c>b</c>, <c>p</c> bytes each, 0 for null: for text 1 + the place in <c>d</c>,
/// for numbers 1 + steps of <c>step</c> above <c>low</c>. Text that differs in every row has neither <c>v</c> nor <c>b</c>.
/// </summary>
internal sealed class PageColumn(string name, ColumnForm form, bool packed)
{
    private readonly List<double> numbers = [];
    private readonly List<int> codes = [];
    private readonly List<string> texts = [];
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);

    public string Name => name;

    public ColumnForm Form => form;

    /// <summary>Takes a row's value; returns the characters that it adds to the page beyond a reference.</summary>
    /// <param name="room">Characters that an image may take at most; a larger one is left out.</param>
    public int Add(Column column, int row, long room)
    {
        if (form == ColumnForm.Numbers)
        {
            numbers.Add(((NumberColumn)column)[row]);
            return 0;
        }
        string? text = form == ColumnForm.Image ? Base64(((ImageColumn)column).Bytes[row]) : ((TextColumn)column).Values[row];
        if (text is null || (form == ColumnForm.Image && text.Length > room))
        {
            codes.Add(-1);
            return 0;
        }
        int added = 0;
        if (!known.TryGetValue(text, out int code))
        {
            code = texts.Count;
            known.Add(text, code);
            texts.Add(form == ColumnForm.Image ? text : Cut(text));
            added = texts[code].Length;
        }
        codes.Add(code);
        return added;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        if (form != ColumnForm.Numbers)
        {
            json.WriteStartArray("d");
            foreach (string text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
        if (packed && form != ColumnForm.Numbers && texts.Count == codes.Count && texts.Count > 0)
            json.WriteBoolean("each", true);
        else if (packed)
            WritePacked(json);
        else
            WritePlain(json);
        json.WriteEndObject();
    }

    private static string? Base64(byte[]? bytes)
        => bytes is null ? null : System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private void WritePlain(Utf8JsonWriter json)
    {
        json.WriteStartArray("v");
        foreach (int code in codes)
            json.WriteNumberValue(code);
        foreach (double number in numbers)
            WriteNumber(json, number);
        json.WriteEndArray();
    }

    private void WritePacked(Utf8JsonWriter json)
    {
        if (form != ColumnForm.Numbers)
        {
            Pack(json, texts.Count, i => (uint)(codes[i] + 1), codes.Count);
            return;
        }
        double low = 0, high = 0;
        bool any = false, whole = true;
        foreach (double number in numbers)
        {
            if (!double.IsFinite(number))
                continue;
            (low, high) = any ? (Math.Min(low, number), Math.Max(high, number)) : (number, number);
            whole &= number == Math.Floor(number);
            any = true;
        }
        const int most = (1 << 16) - 2;
        bool exact = whole && high - low < uint.MaxValue - 1.0;
        double step = exact ? 1 : high > low ? (high - low) / most : 1;
        json.WriteNumber("low", low);
        json.WriteNumber("step", step);
        Pack(json, exact ? (uint)(high - low) + 1 : most + 1, i => double.IsFinite(numbers[i]) ? 1 + (uint)Math.Round((numbers[i] - low) / step) : 0, numbers.Count);
    }

    private static void Pack(Utf8JsonWriter json, long greatest, Func<int, uint> value, int count)
    {
        int width = greatest <= byte.MaxValue ? 1 : greatest <= ushort.MaxValue ? 2 : 4;
        var bytes = new byte[count * width];
        for (int i = 0; i < count; i++)
        {
            uint v = value(i);
            switch (width)
            {
                case 1:
                    bytes[i] = (byte)v;
                    break;
                case 2:
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)v);
                    break;
                default:
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), v);
                    break;
            }
        }
        json.WriteNumber("p", width);
        json.WriteString("b", Base64(bytes));
    }

    /// <summary>Whole numbers as they are, others in six digits: more than a picture shows.</summary>
    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (!double.IsFinite(number))
            json.WriteNullValue();
        else if (number == Math.Floor(number) && Math.Abs(number) < 1L << 53)
            json.WriteNumberValue((long)number);
        else
            json.WriteRawValue(number.ToString("G6", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal));
    }

    private static string Cut(string text)
    {
        if (text.Length <= PageTable.LongestText)
            return text;
        int end = char.IsHighSurrogate(text[PageTable.LongestText - 1]) ? PageTable.LongestText - 1 : PageTable.LongestText;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
