using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports;

/// <summary>
/// JSON with the same bytes on every machine: indented by two spaces, <c>\n</c> line ends, doubles in the shortest
/// form that reads back equal, undefined and infinite numbers as null, text as UTF-8. Small objects take one line.
/// </summary>
internal sealed class Json : IDisposable
{
    private readonly Utf8JsonWriter writer;
    private readonly ArrayBufferWriter<byte> line = new(256);
    private readonly Utf8JsonWriter inline;

    public Json(Stream stream)
    {
        writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Encoder });
        inline = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = Encoder });
    }

    /// <summary>Readable names in every script: for files, never pasted into HTML as they stand.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>An object over several lines.</summary>
    public Utf8JsonWriter Tall => writer;

    /// <summary>One object or array on a line of its own, as the next value.</summary>
    public void Line(Action<Utf8JsonWriter> write)
    {
        line.ResetWrittenCount();
        inline.Reset(line);
        write(inline);
        inline.Flush();
        writer.WriteRawValue(line.WrittenSpan, skipInputValidation: true);
        // The writer holds what it is given until it is flushed: a summary of 100,000 segments must not.
        if (writer.BytesPending > 1 << 16)
            writer.Flush();
    }

    public void Line(string name, Action<Utf8JsonWriter> write)
    {
        writer.WritePropertyName(name);
        Line(write);
    }

    /// <summary>An array of objects, a line each.</summary>
    public void Lines<T>(string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            Line(w =>
            {
                w.WriteStartObject();
                write(w, item);
                w.WriteEndObject();
            });
        }
        writer.WriteEndArray();
    }

    public void Estimate(string name, Estimate estimate)
        => Line(name, w => Write(w, estimate));

    public static void Estimate(Utf8JsonWriter w, string name, Estimate estimate)
    {
        w.WritePropertyName(name);
        Write(w, estimate);
    }

    /// <summary>What a test says of one of several groups.</summary>
    public static void Test(Utf8JsonWriter w, double? p, double? q)
    {
        Number(w, "p_value", p);
        Number(w, "q_value", q);
    }

    public static void Texts(Utf8JsonWriter w, IEnumerable<string> texts)
    {
        w.WriteStartArray();
        foreach (string text in texts)
            w.WriteStringValue(text);
        w.WriteEndArray();
    }

    public static void Texts(Utf8JsonWriter w, string name, IEnumerable<string> texts)
    {
        w.WritePropertyName(name);
        Texts(w, texts);
    }

    public static void Write(Utf8JsonWriter w, Estimate estimate)
    {
        w.WriteStartObject();
        Number(w, "value", estimate.Value);
        Number(w, "low", estimate.Low);
        Number(w, "high", estimate.High);
        if (estimate.Bound is double bound)
            Number(w, "bound", bound);
        w.WriteEndObject();
    }

    public static void Number(Utf8JsonWriter w, string name, double? value)
    {
        w.WritePropertyName(name);
        Number(w, value);
    }

    public static void Number(Utf8JsonWriter w, double? value)
    {
        if (value is double v && double.IsFinite(v))
            w.WriteNumberValue(v == 0 ? 0 : v); // no "-0"
        else
            w.WriteNullValue();
    }

    /// <summary>A number as it stands in the file.</summary>
    public static string Text(double? value)
        => value is double v && double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "null";

    public void Dispose()
    {
        writer.Flush();
        writer.Dispose();
        inline.Dispose();
    }
}
