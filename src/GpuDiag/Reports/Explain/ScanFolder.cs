using System.Globalization;
using System.Text.Json;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Reports.Explain;

/// <summary>The files of an earlier scan.</summary>
/// <param name="path">The folder.</param>
public sealed class ScanFolder(string path)
{
    private const int BatchRows = 1 << 12;

    /// <summary>The folder holds a scan of these files as they are now: same paths, same sizes.</summary>
    /// <param name="inputs">The data.</param>
    /// <param name="train">The training set; empty to take any.</param>
    public bool IsOf(IReadOnlyList<string> inputs, IReadOnlyList<string> train)
    {
        try
        {
            using var run = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "run.json")));
            var scanned = run.RootElement.GetProperty("inputs").EnumerateArray()
                .ToLookup(i => i.GetProperty("set").GetString(), i => (i.GetProperty("path").GetString()!, i.GetProperty("bytes").GetInt64()));
            return scanned["data"].SequenceEqual(Files(inputs)) && (train.Count == 0 || scanned["train"].SequenceEqual(Files(train)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What the files say of a row; null when the scan did not keep it.</summary>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public ScanView? Find(long row, CancellationToken cancel)
    {
        if (ReadRow(row, cancel) is not { } found)
            return null;
        string neighbors = Path.Combine(path, "neighbors.parquet");
        return new ScanView(Summary(), found, File.Exists(neighbors) ? [.. Lines(neighbors, "query_row", row, cancel).Select(Neighbor)] : []);
    }

    private static IEnumerable<(string Path, long Bytes)> Files(IReadOnlyList<string> names)
        => FileSearch.Find(names).Select(f => (f, DataFile.SizeOf(f)));

    private JsonElement Summary()
    {
        string file = Path.Combine(path, "summary.json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputException($"the scan's summary can't be read: {fault.Message}", file, remedy: "Scan the data again.", inner: fault);
        }
    }

    private RowResult? ReadRow(long row, CancellationToken cancel)
    {
        if (Lines(Path.Combine(path, "rows.parquet"), "row", row, cancel).FirstOrDefault() is not { } line)
            return null;
        return new RowResult(row, line("id"), line("split"), line("label"), line("pred"), Number(line("confidence")), Flag(line("correct")), Number(line("loss")))
        {
            LabelIssue = Flag(line("label_issue")),
            LabelQuality = Number(line("label_quality")),
            SuggestedLabel = line("suggested_label"),
            Outlier = Flag(line("outlier")),
            OutlierScore = Number(line("outlier_score")),
            OutlierPercentile = Number(line("outlier_percentile")),
            DuplicateSet = (long?)Number(line("duplicate_set")),
            Leak = Flag(line("leak")),
            LabelAgreement = Number(line("label_agreement")),
            PredAgreement = Number(line("pred_agreement")),
            Shapley = Number(line("shapley")),
            Cause = line("cause"),
            Evidence = line("cause") is null ? null : line("evidence") ?? "",
            FailingSegments = line("failing_segments"),
            Cluster = (int?)Number(line("cluster")),
            X = Number(line("x")),
            Y = Number(line("y")),
        };
    }

    private static RowNeighbor Neighbor(Func<string, string?> line) => new(
        line("query")!, (int)Number(line("rank"))!.Value, line("neighbor")!, Number(line("distance"))!.Value, line("source")!)
    {
        QueryRow = (long)Number(line("query_row"))!.Value,
        NeighborRow = (long)Number(line("neighbor_row"))!.Value,
        Label = line("label"),
    };

    /// <summary>The lines of a table in which a column has a value, each as a function from column to text.</summary>
    private static IEnumerable<Func<string, string?>> Lines(string file, string column, long value, CancellationToken cancel)
    {
        using var data = Dataset.Open([file]);
        int[] chunks = [.. Chunks(data, column, value, cancel)];
        ColumnRequest[] requests = [.. data.Fields.Select(f => new ColumnRequest(f.Name, ColumnForm.Text))];
        int key = Array.FindIndex(requests, r => r.Column == column);
        string wanted = value.ToString(CultureInfo.InvariantCulture);
        using var batch = new Batch(requests, BatchRows);
        using var reader = data.Open(requests);
        foreach (int chunk in chunks)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                for (int i = 0; i < batch.Rows; i++)
                {
                    if (((TextColumn)batch.Columns[key]).Values[i] == wanted)
                    {
                        var line = requests.Select((r, c) => (r.Column, ((TextColumn)batch.Columns[c]).Values[i])).ToDictionary(c => c.Column, c => c.Item2);
                        yield return name => line.GetValueOrDefault(name);
                    }
                }
            }
        }
    }

    /// <summary>The chunks that hold the value: one column is read of all, so that all columns are read of few.</summary>
    private static IEnumerable<int> Chunks(Dataset data, string column, long value, CancellationToken cancel)
    {
        ColumnRequest[] request = [new ColumnRequest(column, ColumnForm.Numbers)];
        using var batch = new Batch(request, 1 << 16);
        using var reader = data.Open(request);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            cancel.ThrowIfCancellationRequested();
            reader.Start(chunk);
            bool holds = false;
            while (reader.Read(batch) > 0)
                holds |= ((NumberColumn)batch.Columns[0]).Doubles[..batch.Rows].Contains(value);
            if (holds)
                yield return chunk;
        }
    }

    private static double? Number(string? text) => text is null ? null : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool? Flag(string? text) => text is null ? null : text == "true";
}
