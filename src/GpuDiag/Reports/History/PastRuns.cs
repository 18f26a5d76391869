using System.Globalization;
using System.Text.Json;
using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.History;

/// <summary>Finds the folders of earlier scans, and reads them.</summary>
internal static class PastRuns
{
    private const string Schema = "gpudiag/summary/1", Summary = "summary.json";

    /// <summary>All scans in the folders and below them, each once, oldest first, of one time by folder.</summary>
    /// <exception cref="InputException">A name is no folder, a folder holds no scan, or a file of one is damaged.</exception>
    public static IReadOnlyList<PastRun> Read(IReadOnlyList<string> folders)
    {
        var found = new SortedDictionary<string, PastRun>(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            int before = 0;
            foreach (string summary in Summaries(folder))
            {
                string home = Path.GetDirectoryName(summary)!;
                if (ReadRun(home, summary) is not { } run)
                    continue;
                found.TryAdd(Path.GetFullPath(home), run);
                before++;
            }
            if (before == 0)
                throw new InputException("holds no result of gpudiag scan", folder, remedy: "Name output folders of gpudiag scan, or a folder that holds such.");
        }
        return [.. found.OrderBy(r => r.Value.Started).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)];
    }

    private static IEnumerable<string> Summaries(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException("there is no such folder", folder, remedy: "Name output folders of gpudiag scan, or a folder that holds such.");
        try
        {
            string own = Path.Combine(folder, Summary);
            return File.Exists(own) ? [own] : Directory.GetFiles(folder, Summary, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Order(StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"can't be read: {fault.Message}", folder, remedy: "Check the permissions.", inner: fault);
        }
    }

    /// <summary>Null where the summary is none of a scan.</summary>
    private static PastRun? ReadRun(string folder, string file)
    {
        try
        {
            using var summary = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = summary.RootElement;
            if (root.GetProperty("schema").GetString() != Schema)
                return null;
            string runFile = Path.Combine(folder, "run.json");
            using var run = File.Exists(runFile) ? JsonDocument.Parse(File.ReadAllBytes(runFile)) : null;
            var started = run is not null && run.RootElement.TryGetProperty("started", out var noted)
                ? DateTimeOffset.Parse(noted.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : new DateTimeOffset(File.GetLastWriteTimeUtc(file));
            return new PastRun(
                folder,
                started,
                run?.RootElement.GetProperty("version").GetString() ?? "",
                root.GetProperty("rows").GetInt64(),
                [.. root.GetProperty("metrics").EnumerateObject().Select(m => KeyValuePair.Create(m.Name, Interval(m.Value)))],
                Section(root, "label_issues")?.GetProperty("count").GetInt64(),
                Section(root, "pipeline")?.GetProperty("failed").GetInt32(),
                Severity.Order.ToDictionary(s => s, s => root.GetProperty("findings").EnumerateArray().Count(f => f.GetProperty("severity").GetString() == s)),
                run?.RootElement.GetProperty("skipped").GetArrayLength() ?? 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"the earlier scan can't be read: {fault.Message}", file, remedy: "Scan again into this folder, or leave it out.", inner: fault);
        }
    }

    private static JsonElement? Section(JsonElement root, string name)
        => root.TryGetProperty(name, out var section) && section.ValueKind == JsonValueKind.Object ? section : null;

    private static Estimate Interval(JsonElement e) => new(Number(e, "value"), Number(e, "low"), Number(e, "high"));

    private static double? Number(JsonElement e, string name)
        => e.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
