using System.Globalization;
using System.Text.Json;
using GpuDiag.Analyses.Mining;
using GpuDiag.Columns;
using GpuDiag.Columns.Remote;

namespace GpuDiag.Reports.Mining;

/// <summary>The failures of an earlier scan, from the files it left.</summary>
public static class ScanCases
{
    /// <summary>Causes that more labels of like rows do not mend: there the data is wrong, not the model.</summary>
    private static readonly string[] NotMended = ["pipeline", "duplicate_conflict", "label_error"];

    private const int BatchRows = 1 << 14;

    /// <summary>The folder is one that a scan wrote.</summary>
    public static bool IsScan(string path) => Directory.Exists(path) && File.Exists(Path.Combine(path, "run.json"));

    /// <summary>Reads run.json, rows.parquet and, where it is there, clusters.parquet.</summary>
    /// <exception cref="InputException">A file is missing or damaged, or the data is not what was scanned.</exception>
    public static CaseSource Read(string folder)
    {
        string run = Path.Combine(folder, "run.json"), rows = Path.Combine(folder, "rows.parquet"), clusters = Path.Combine(folder, "clusters.parquet");
        var (inputs, embedding) = Inputs(run);
        if (!File.Exists(rows))
            throw new InputException("the folder holds no rows.parquet, so it is no scan of rows", folder, remedy: "Name the folder that gpudiag scan wrote, or a table of predictions.");
        List<FailureCase> failures = [];
        SortedDictionary<string, long> leftOut = new(StringComparer.Ordinal);
        foreach (var line in Lines(rows, ["row", "id", "label", "pred", "correct", "cause", "cluster"]))
        {
            if (line[4] != "false")
                continue;
            if (line[5] is { } cause && NotMended.Contains(cause))
                leftOut[cause] = leftOut.GetValueOrDefault(cause) + 1;
            else
                failures.Add(new FailureCase(Whole(line[0], rows, "row")!.Value, line[1], line[2], line[3], line[5], (int?)Whole(line[6], rows, "cluster")));
        }
        failures.Sort((a, b) => a.Row.CompareTo(b.Row));
        Dictionary<int, long> sizes = [];
        if (File.Exists(clusters))
        {
            foreach (var line in Lines(clusters, ["cluster", "rows"]))
                sizes[(int)(Whole(line[0], clusters, "cluster") ?? 0)] = Whole(line[1], clusters, "rows") ?? 0;
        }
        return new CaseSource
        {
            Name = folder,
            Inputs = inputs,
            Embedding = embedding,
            Failures = failures,
            ClusterRows = sizes,
            LeftOut = leftOut,
            Errors = Errors(Path.Combine(folder, "summary.json")),
        };
    }

    private static (IReadOnlyList<string> Files, string? Embedding) Inputs(string file)
    {
        try
        {
            using var run = JsonDocument.Parse(File.ReadAllBytes(file));
            var data = run.RootElement.GetProperty("inputs").EnumerateArray()
                .Where(i => i.GetProperty("set").GetString() == "data")
                .Select(i => (Path: i.GetProperty("path").GetString()!, Bytes: i.GetProperty("bytes").GetInt64()))
                .ToList();
            string? embedding = run.RootElement.GetProperty("roles").EnumerateArray()
                .Where(r => r.GetProperty("role").GetString() == "embedding")
                .Select(r => r.GetProperty("column").GetString())
                .FirstOrDefault();
            foreach (var (path, bytes) in data)
            {
                if (!RemoteName.Is(path) && !File.Exists(path))
                    throw new InputException($"the scan in {file} read this file, and it is not there any more", path, remedy: "Run where the scan was run, bring the file back, or scan the data again.");
                if (DataFile.SizeOf(path) != bytes)
                    throw new InputException($"the file has changed since the scan in {file}", path, remedy: "Scan the data again.");
            }
            // The file beside the data is known by its name alone: --cases-embedding says where it is.
            return ([.. data.Select(d => d.Path)], embedding is not null && embedding.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) && !File.Exists(embedding) ? null : embedding);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"can't be read as what a scan leaves: {fault.Message}", file, remedy: "Scan the data again.", inner: fault);
        }
    }

    /// <summary>The errors that the scan counted, listed or not; null where the summary does not say.</summary>
    private static long? Errors(string file)
    {
        try
        {
            using var summary = JsonDocument.Parse(File.ReadAllBytes(file));
            return summary.RootElement.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Object && causes.TryGetProperty("errors", out var errors) ? errors.GetInt64() : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A table's lines as text, the columns in the order asked for; null for a column that it lacks.</summary>
    private static IEnumerable<string?[]> Lines(string file, string[] columns)
    {
        using var data = Dataset.Open([file]);
        string[] there = [.. columns.Where(c => data.Fields.Any(f => f.Name == c))];
        int[] place = [.. columns.Select(c => Array.IndexOf(there, c))];
        ColumnRequest[] requests = [.. there.Select(c => new ColumnRequest(c, ColumnForm.Text))];
        using var batch = new Batch(requests, BatchRows);
        using var reader = data.Open(requests);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                for (int i = 0; i < batch.Rows; i++)
                    yield return [.. place.Select(p => p < 0 ? null : ((TextColumn)batch.Columns[p]).Values[i])];
            }
        }
    }

    private static long? Whole(string? text, string file, string column)
    {
        if (text is null)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= 0
            ? value
            : throw new InputException($"holds '{Plain.Name(text, 40)}', which is no whole number", file, column, "Scan the data again.");
    }
}
