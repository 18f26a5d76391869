using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace GpuDiag.Reports.Html;

/// <summary>
/// The data of a page: each block is JSON in an inert script element of its own, which the page parses when it needs it. No value
/// can end the element or begin another: <c>&lt; &gt; &amp; ' "</c> are escaped within.
/// </summary>
internal static class PageData
{
    /// <summary>Lines of each table on the page at most; the files hold all of them.</summary>
    public const int MostRows = 5_000, MostSegments = 2_000, MostClasses = 2_000, MostConfusions = 30_000, MostNeighbors = 30_000, MostPoints = 100_000, MostCards = 2_000, MostCurvePoints = 60_000, MostFlips = 30_000;

    /// <summary>Parts of a scan's or comparison's summary.json that the page leaves to the file: lists of rows, and what tables hold.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        "class_names", "classes", "confusions", "segments", "label_issues.joint", "label_issues.joint_cells", "label_issues.rows", "label_issues.classes",
        "outliers.rows", "neighbors.contradicted_rows", "fit.classes", "causes.groups", "causes.causes.rows", "duplicates.largest", "clusters.typical_errors",
    ];

    /// <summary>Of a comparison the clusters too, which its table tells in fewer bytes.</summary>
    private static readonly HashSet<string> CompareLeftOut = [.. LeftOut, "clusters"];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = false };

    private static readonly string[] SegmentColumns =
    [
        "column", "value", "rows", "errors", "accuracy", "accuracy_low", "accuracy_high", "f1_macro", "f1_macro_low", "f1_macro_high",
        "recall_macro", "log_loss", "ece", "temperature", "p_value", "q_value",
    ];

    private static readonly string[] NeighborColumns = ["rank", "neighbor", "distance", "source", "query_row", "neighbor_row", "label"];

    /// <summary>Every block that the files have something for, in bytes that all together keep within the room.</summary>
    /// <param name="files">What a command left.</param>
    /// <param name="summaryPath">Its summary.json.</param>
    /// <param name="room">Bytes at most.</param>
    /// <param name="cancel">Stops it.</param>
    public static IReadOnlyList<byte[]> Blocks(ResultFiles files, string summaryPath, long room, CancellationToken cancel)
    {
        var summary = Parse(summaryPath);
        string? schema = summary.ValueKind == JsonValueKind.Object && summary.TryGetProperty("schema", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var leftOut = schema is "gpudiag/summary/1" ? LeftOut : schema is "gpudiag/compare/1" ? CompareLeftOut : [];
        var budget = new PageBudget(room, limits => Block("summary", json => Copy(json, summary, "", leftOut, limits)));
        Action? tables = schema switch
        {
            "gpudiag/summary/1" => Scan,
            "gpudiag/compare/1" => Compare,
            "gpudiag/drift/1" or "gpudiag/retrain/1" or "gpudiag/loop/1" or "gpudiag/history/1" => Nothing,
            "gpudiag/mine/1" => () => First("mined", MostRows, new PageTableForm()),
            _ => null,
        };
        if (tables is null)
            throw new InputException($"is no summary that has a page: its schema is {schema ?? "not named"}", summaryPath, remedy: "Name a folder that gpudiag scan, compare, drift, mine, retrain or loop wrote.");
        tables();
        return budget.Blocks();

        static void Nothing()
        {
        }

        void Scan()
        {
            First("classes", MostClasses, new PageTableForm());
            First("confusions", MostConfusions, new PageTableForm());
            First("segments", MostSegments, new PageTableForm { Columns = SegmentColumns.Contains });
            First("curves", MostCurvePoints, new PageTableForm { Packed = true, Columns = name => name is "curve" or "class" or "x" or "y" });
            if (files.Find("rows.parquet") is string rows)
                budget.Table("rows", MostRows, most => PageTable.At(rows, new PageTableForm(), PageRows.Choose(rows, most, files.Find("gallery.parquet") is not null, cancel), cancel), again: true);
            First("neighbors", MostNeighbors, new PageTableForm { Columns = NeighborColumns.Contains });
            First("gallery", MostCards, new PageTableForm { Pictures = HasPictures(files.Find("gallery.parquet"), cancel) });
            First("map", MostPoints, new PageTableForm { Packed = true, Columns = MapColumn, Spread = true });
        }

        void Compare()
        {
            First("classes", MostClasses, new PageTableForm { Columns = CompareColumn });
            First("segments", MostSegments, new PageTableForm { Columns = CompareColumn });
            First("clusters", MostSegments, new PageTableForm { Columns = CompareColumn });
            First("flips", MostFlips, new PageTableForm { Pictures = HasPictures(files.Find("flips.parquet"), cancel) });
        }

        void First(string table, int most, PageTableForm form)
        {
            if (files.Find(table + ".parquet") is string path)
                budget.Table(table, most, rows => PageTable.First(path, form, rows, cancel));
        }
    }

    /// <summary>Some line of the table has a picture; without one its bytes need no reader.</summary>
    private static bool HasPictures(string? table, CancellationToken cancel)
        => table is not null && PageTable.First(table, new PageTableForm { Columns = name => name == "image_type" }, MostFlips, cancel).HasTexts;

    private static bool CompareColumn(string name)
        => name is "class" or "support" or "column" or "value" or "cluster" or "over_represented" or "broken_label" or "broken_pred" or "rows" or "only_before" or "only_after" or "q_value" or "verdict" || name.StartsWith("accuracy_", StringComparison.Ordinal) || name.StartsWith("recall_", StringComparison.Ordinal);

    /// <summary>The map tells no loss, and right from wrong by label and prediction.</summary>
    private static bool MapColumn(string name) => name is not ("loss" or "correct");

    /// <summary>A block's element.</summary>
    internal static byte[] Block(string name, Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        memory.Write(Encoding.UTF8.GetBytes($"<script type=\"application/json\" id=\"data-{name}\">"));
        using (var json = new Utf8JsonWriter(memory, Options))
            write(json);
        memory.Write("</script>\n"u8);
        return memory.ToArray();
    }

    private static JsonElement Parse(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputException($"can't be read: {fault.Message}", path, remedy: "Scan the data again.", inner: fault);
        }
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value, string path, HashSet<string> leftOut, PageLimits limits)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    string inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    if (leftOut.Contains(inner))
                        continue;
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value, inner, leftOut, limits);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                // Of earlier runs the latest, of all else the first.
                int at = 0, from = path == "runs" ? Math.Max(0, value.GetArrayLength() - limits.Items) : 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (at >= from && at < from + limits.Items)
                        Copy(json, item, path, leftOut, limits);
                    at++;
                }
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(PageColumn.Cut(value.GetString()!, limits.LongestText));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
