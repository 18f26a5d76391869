using System.Globalization;
using System.Text;
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

    /// <summary>Rows that have a text or a picture.</summary>
    public int Present => codes.FindAll(c => c >= 0).Count;

    /// <summary>Of these, how many the last <see cref="Write"/> wrote.</summary>
    public int Shown { get; private set; }

    /// <summary>Takes a row's value.</summary>
    public void Add(Column column, int row)
    {
        if (form == ColumnForm.Numbers)
        {
            numbers.Add(((NumberColumn)column)[row]);
            return;
        }
        string? text = form == ColumnForm.Image ? Base64(((ImageColumn)column).Bytes[row]) : ((TextColumn)column).Values[row];
        if (text is null)
        {
            codes.Add(-1);
            return;
        }
        if (form != ColumnForm.Image)
            text = Cut(text, PageTable.LongestText);
        if (!known.TryGetValue(text, out int code))
        {
            code = texts.Count;
            known.Add(text, code);
            texts.Add(text);
        }
        codes.Add(code);
    }

    /// <summary>Bytes of the long texts where none is longer than so many characters; texts that are never cut do not count.</summary>
    public long TextBytes(int longest) => texts.Where(t => t.Length > PageBudget.ShortestText).Sum(t => (long)Encoding.UTF8.GetByteCount(t.AsSpan(0, Math.Min(t.Length, longest))));

    /// <summary>Writes the values at these places; returns the characters that pictures take.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="places">Rows, in the order of the page.</param>
    /// <param name="longestText">Characters of a text at most.</param>
    /// <param name="room">Characters that pictures take at most; one for which there is none is left out.</param>
    public long Write(Utf8JsonWriter json, int[] places, int longestText, long room)
    {
        json.WriteStartObject(name);
        if (form == ColumnForm.Numbers)
        {
            double[] values = Array.ConvertAll(places, i => numbers[i]);
            if (packed)
                WritePacked(json, values);
            else
                WritePlain(json, values);
            json.WriteEndObject();
            return 0;
        }
        // Only what these rows have, in the order in which they have it.
        var named = new Dictionary<int, int>();
        long used = 0;
        int[] shown = Array.ConvertAll(places, i =>
        {
            int code = codes[i];
            if (code < 0 || named.TryGetValue(code, out int place))
                return code < 0 ? -1 : named[code];
            if (form == ColumnForm.Image)
            {
                if (used + texts[code].Length > room)
                    return -1;
                used += texts[code].Length;
            }
            return named[code] = named.Count;
        });
        Shown = shown.Count(c => c >= 0);
        json.WriteStartArray("d");
        foreach (int code in named.Keys)
            json.WriteStringValue(form == ColumnForm.Image ? texts[code] : Cut(texts[code], longestText));
        json.WriteEndArray();
        if (packed && named.Count == shown.Length && shown.Length > 0)
            json.WriteBoolean("each", true);
        else if (packed)
            Pack(json, named.Count, i => (uint)(shown[i] + 1), shown.Length);
        else
            WritePlain(json, shown);
        json.WriteEndObject();
        return used;
    }

    /// <summary>A text of so many characters at most; what is longer ends in an ellipsis.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest || (text.Length == longest + 1 && text[^1] == '…'))
            return text;
        int end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static string? Base64(byte[]? bytes)
        => bytes is null ? null : System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static void WritePlain(Utf8JsonWriter json, int[] places)
    {
        json.WriteStartArray("v");
        foreach (int place in places)
            json.WriteNumberValue(place);
        json.WriteEndArray();
    }

    private static void WritePlain(Utf8JsonWriter json, double[] values)
    {
        json.WriteStartArray("v");
        foreach (double number in values)
            WriteNumber(json, number);
        json.WriteEndArray();
    }

    private static void WritePacked(Utf8JsonWriter json, double[] values)
    {
        double low = 0, high = 0;
        bool any = false, whole = true;
        foreach (double number in values)
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
        Pack(json, exact ? (uint)(high - low) + 1 : most + 1, i => double.IsFinite(values[i]) ? 1 + (uint)Math.Round((values[i] - low) / step) : 0, values.Length);
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
}
