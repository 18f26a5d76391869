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

    /// <summary>Items of each list of summary.json on the page at most.</summary>
    public const int MostItems = 2_000;

    /// <summary>Characters of images on the page at most.</summary>
    public const long ImageRoom = 4_000_000;

    /// <summary>Parts of summary.json that the page leaves to the file: lists of rows, and what tables hold.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        "class_names", "classes", "confusions", "segments", "label_issues.joint", "label_issues.joint_cells", "label_issues.rows", "label_issues.classes",
        "outliers.rows", "neighbors.contradicted_rows", "fit.classes", "causes.groups", "causes.causes.rows", "duplicates.largest", "clusters.typical_errors",
    ];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = false };

    private static readonly string[] SegmentColumns =
    [
        "column", "value", "rows", "errors", "accuracy", "accuracy_low", "accuracy_high", "f1_macro", "f1_macro_low", "f1_macro_high",
        "recall_macro", "log_loss", "ece", "temperature", "p_value", "q_value",
    ];

    private static readonly string[] NeighborColumns = ["rank", "neighbor", "distance", "source", "query_row", "neighbor_row", "label"];

    /// <summary>Writes every block that the files have something for.</summary>
    public static void Write(TextWriter page, ResultFiles files, string summaryPath, CancellationToken cancel)
    {
        var summary = Parse(summaryPath);
        string? schema = summary.ValueKind == JsonValueKind.Object && summary.TryGetProperty("schema", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        Action? tables = schema switch
        {
            "gpudiag/summary/1" => Scan,
            "gpudiag/compare/1" => Compare,
            "gpudiag/drift/1" => Nothing,
            "gpudiag/mine/1" => () => First("mined", MostRows, new PageTable()),
            _ => null,
        };
        if (tables is null)
            throw new InputException($"is no summary that has a page: its schema is {schema ?? "not named"}", summaryPath, remedy: "Name a folder that gpudiag scan, compare, drift or mine wrote.");
        Block(page, "summary", json => Copy(json, summary, ""));
        if (files.Find("run.json") is string run)
            Block(page, "run", json => WriteRun(json, Parse(run)));
        tables();

        static void Nothing()
        {
        }

        void Scan()
        {
            First("classes", MostClasses, new PageTable());
            First("confusions", MostConfusions, new PageTable());
            First("segments", MostSegments, new PageTable { Columns = SegmentColumns.Contains });
            First("curves", MostCurvePoints, new PageTable { Packed = true, Columns = name => name is "curve" or "class" or "x" or "y" });
            if (files.Find("rows.parquet") is string rows)
                Block(page, "rows", json => new PageTable().WriteAt(json, rows, PageRows.Choose(rows, MostRows, files.Find("gallery.parquet") is not null, cancel), cancel));
            First("neighbors", MostNeighbors, new PageTable { Columns = NeighborColumns.Contains });
            First("gallery", MostCards, new PageTable { ImageRoom = ImageRoom });
            First("map", MostPoints, new PageTable { Packed = true, Columns = MapColumn });
        }

        void Compare()
        {
            First("classes", MostClasses, new PageTable { Columns = CompareColumn });
            First("segments", MostSegments, new PageTable { Columns = CompareColumn });
            First("flips", MostFlips, new PageTable());
        }

        void First(string table, int most, PageTable how)
        {
            if (files.Find(table + ".parquet") is string path)
                Block(page, table, json => how.WriteFirst(json, path, most, cancel));
        }
    }

    private static bool CompareColumn(string name)
        => name is "class" or "support" or "column" or "value" or "rows" or "only_before" or "only_after" or "q_value" or "verdict" || name.StartsWith("accuracy_", StringComparison.Ordinal) || name.StartsWith("recall_", StringComparison.Ordinal);

    /// <summary>The map tells no loss, and right from wrong by label and prediction.</summary>
    private static bool MapColumn(string name) => name is not ("loss" or "correct");

    private static void Block(TextWriter page, string name, Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, Options))
            write(json);
        page.Write($"<script type=\"application/json\" id=\"data-{name}\">");
        page.Write(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
        page.Write("</script>\n");
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

    private static void Copy(Utf8JsonWriter json, JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    string inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    if (LeftOut.Contains(inner))
                        continue;
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value, inner);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray().Take(MostItems))
                    Copy(json, item, path);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>
    /// What of run.json depends on the data and the command alone, not on the machine or on the cut into files: the page has the same
    /// bytes for all of them. Inputs are told as rows per set; run.json names the files.
    /// </summary>
    private static void WriteRun(Utf8JsonWriter json, JsonElement run)
    {
        json.WriteStartObject();
        foreach (string name in (string[])["version", "seed"])
        {
            if (!run.TryGetProperty(name, out var value))
                continue;
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        json.WriteStartArray("roles");
        foreach (var role in Items(run, "roles"))
        {
            // A matrix beside the data stands there with its path.
            string column = Text(role, "column");
            Object(json, ("role", Text(role, "role")), ("column", column.EndsWith(".npy", StringComparison.Ordinal) ? Path.GetFileName(column) : column), ("how", Text(role, "how")));
        }
        json.WriteEndArray();
        json.WriteStartArray("inputs");
        foreach (var set in Items(run, "inputs").GroupBy(i => Text(i, "set")))
        {
            json.WriteStartObject();
            json.WriteString("set", set.Key);
            json.WriteNumber("rows", set.Sum(i => i.TryGetProperty("rows", out var rows) && rows.TryGetInt64(out long count) ? count : 0));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (var file in Items(run, "skipped").Take(200))
            Object(json, ("path", Path.GetFileName(Text(file, "path"))), ("reason", Text(file, "reason")));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var item in list.EnumerateArray())
            yield return item;
    }

    private static string Text(JsonElement parent, string name)
        => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static void Object(Utf8JsonWriter json, params (string Name, string Value)[] texts)
    {
        json.WriteStartObject();
        foreach (var (name, value) in texts)
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
