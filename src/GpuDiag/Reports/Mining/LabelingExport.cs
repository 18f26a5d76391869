using System.Text.Encodings.Web;
using System.Text.Json;
using GpuDiag.Analyses.Mining;

namespace GpuDiag.Reports.Mining;

/// <summary>
/// Mined rows as labelling tools import them. Labelbox: data rows as one JSON array (<c>row_data</c>, <c>global_key</c>, <c>media_type</c>, the reason as an attachment). Label
/// Studio: tasks as one JSON array (<c>data</c>, <c>meta</c>, the model's prediction as a pre-annotation of a Choices control named <c>label</c> on an object named <c>item</c>).
/// </summary>
internal static class LabelingExport
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InputException">A row has nothing to show.</exception>
    public static void WriteLabelbox(Stream stream, MineResult result)
    {
        using var w = new Utf8JsonWriter(stream, Options with { Indented = true, NewLine = "\n" });
        w.WriteStartArray();
        foreach (var row in result.Rows)
        {
            string shown = row.Content switch
            {
                { Text: string text } => text,
                { Location: string at } => at,
                { Bytes: not null } => throw new InputException($"row '{row.Id}' holds the bytes of an image, and Labelbox takes addresses", remedy: "Say where the images are served: --url 'https://example.com/images/{id}.png'."),
                _ => throw Missing(row),
            };
            w.WriteStartObject();
            w.WriteString("row_data", shown);
            w.WriteString("global_key", row.Id);
            w.WriteString("media_type", row.Content!.Text is null ? "IMAGE" : "TEXT");
            w.WriteStartArray("attachments");
            w.WriteStartObject();
            w.WriteString("type", "RAW_TEXT");
            w.WriteString("value", Reason(row));
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <exception cref="InputException">A row has nothing to show.</exception>
    public static void WriteLabelStudio(Stream stream, MineResult result)
    {
        using var w = new Utf8JsonWriter(stream, Options with { Indented = true, NewLine = "\n" });
        w.WriteStartArray();
        foreach (var row in result.Rows)
        {
            w.WriteStartObject();
            w.WriteStartObject("data");
            var content = row.Content ?? throw Missing(row);
            if (content.Text is string text)
                w.WriteString("text", text);
            else
                w.WriteString("image", content.Location ?? DataAddress(content.Bytes ?? throw Missing(row)));
            w.WriteString("id", row.Id);
            w.WriteString("reason", Reason(row));
            w.WriteNumber("rank", row.Rank);
            if (row.Cluster is int cluster)
                w.WriteNumber("cluster", cluster);
            w.WriteEndObject();
            w.WriteStartObject("meta");
            w.WriteNumber("row", row.Row);
            w.WriteEndObject();
            if (row.Pred is string pred)
            {
                w.WriteStartArray("predictions");
                w.WriteStartObject();
                w.WriteString("model_version", "gpudiag");
                if (row.Confidence is double confidence)
                    w.WriteNumber("score", confidence);
                w.WriteStartArray("result");
                w.WriteStartObject();
                w.WriteString("from_name", "label");
                w.WriteString("to_name", "item");
                w.WriteString("type", "choices");
                w.WriteStartObject("value");
                w.WriteStartArray("choices");
                w.WriteStringValue(pred);
                w.WriteEndArray();
                w.WriteEndObject();
                w.WriteEndObject();
                w.WriteEndArray();
                w.WriteEndObject();
                w.WriteEndArray();
            }
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static string Reason(MinedRow row) => MineTables.Reason(row) is { Length: > 0 } reason ? reason : $"score {Plain.Magnitude(row.Score)}";

    /// <summary>The bytes themselves as an address (RFC 2397), the kind told by how they begin.</summary>
    private static string DataAddress(byte[] bytes)
    {
        string kind = bytes switch
        {
            [0x89, (byte)'P', ..] => "png",
            [0xFF, 0xD8, ..] => "jpeg",
            [(byte)'G', (byte)'I', (byte)'F', ..] => "gif",
            [(byte)'B', (byte)'M', ..] => "bmp",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "webp",
            _ => "*",
        };
        return $"data:image/{kind};base64,{Convert.ToBase64String(bytes)}";
    }

    private static InputException Missing(MinedRow row) => new(
        $"row '{row.Id}' has neither an image nor a text that a labeller could see", remedy: "Name the pool's column with --image or --text, or say where images are served: --url 'https://example.com/images/{id}.png'.");
}
