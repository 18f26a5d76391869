using System.Diagnostics;
using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Columns.Remote;
using GpuDiag.Scoring.Models;
using GpuDiag.Scoring.Output;

namespace GpuDiag.Scoring;

/// <summary>
/// Runs a model over data. One thread reads rows in their order into blocks, several run the model on them, and whichever
/// finishes a part writes it. Which rows share a block and a part follows from their position in the data alone, so
/// results are the same bytes for any number of workers, any cut of the data into files and any interruption.
/// </summary>
public static class Score
{
    /// <summary>Scores, into the folder <c>predictions</c> below <paramref name="folder"/>, which must exist.</summary>
    /// <exception cref="InputException">Model, data and options do not fit, or something cannot be read or written.</exception>
    /// <exception cref="DeviceException">The device that was asked for is not there.</exception>
    public static ScoreResult Run(ScoreOptions options, string folder, string version, IProgress<ScanProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        long start = Stopwatch.GetTimestamp();
        var file = ModelFile.Read(options.Model);
        using var data = Open(options);
        using var model = OnnxModel.Open(file, options.Device);
        var plan = ScorePlan.Make(model, data, options);
        double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string[] stamps = [.. data.Files.Select(Stamp)];
        using var parts = new PartFolder(folder, Fingerprint(plan, stamps, options, model, version), options.Resume);
        int count = (int)((data.Rows + plan.PartRows - 1) / plan.PartRows);
        int threads = options.Threads ?? Environment.ProcessorCount;
        start = Stopwatch.GetTimestamp();
        using var run = new ScoreRun(model, data, plan, options, parts, threads, progress, cancellation);
        var notes = run.Do();
        if (data.Files.Where((f, i) => Stamp(f) != stamps[i]).FirstOrDefault() is { } changed)
            throw new InputException("the file changed while it was read", changed.Path, remedy: "Score it again when it is written; nothing of this run was kept in place of earlier results.");
        parts.Commit(count);
        return new ScoreResult
        {
            Rows = data.Rows,
            Missing = notes.Sum(n => n.Missing),
            Damaged = notes.Sum(n => n.Damaged),
            Undefined = notes.Sum(n => n.Undefined),
            Mixing = notes.Max(n => n.Mixing) ?? 0,
            ModelDigest = file.Digest,
            Producer = file.Producer,
            Opset = file.Opset,
            Inputs = [.. plan.Inputs.Select(i => new RoleTaken(i.Port.Name, Shown(i), i.Columns[0].How))],
            Outputs = [.. plan.Outputs.Select((o, i) => new RoleTaken(o.Port.Name, Written(o, plan.Results[i]), o.How))],
            Left = plan.Left,
            Carried = [.. plan.Carried.Select(c => c.Field.Name)],
            Replaced = plan.Replaced,
            Classes = plan.Names,
            Batch = plan.Batch,
            Parts = count,
            PartsKept = run.Kept,
            Device = model.Device,
            Threads = threads,
            Files = [.. data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows))],
            Skipped = [.. data.Skipped.Select(s => new SkippedFile(s.Path, s.Reason))],
            Timings = [new StageTime("load", load), new StageTime("score", Stopwatch.GetElapsedTime(start).TotalSeconds), .. run.Timings],
        };
    }

    private static Dataset Open(ScoreOptions options)
    {
        var data = Dataset.Open(options.Inputs, options.SkipUnreadable);
        try
        {
            foreach (string text in options.Columns.Where(c => c.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
            {
                string npy = File.Exists(text) ? text : text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..];
                if (!data.Fields.Any(f => f.Name == Path.GetFileName(npy)))
                    data.Attach(npy, Path.GetFileName(npy));
            }
            if (data.Rows == 0)
                throw new InputException("the data has no rows", data.Files[0].Path, remedy: "Give data with rows.");
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>All that the bytes of the parts depend on.</summary>
    private static Dictionary<string, string> Fingerprint(ScorePlan plan, string[] stamps, ScoreOptions options, OnnxModel model, string version) => new()
    {
        ["version"] = version,
        ["model"] = plan.Model.Digest,
        ["device"] = $"{model.Device.Backend}: {model.Device.Name}",
        ["data"] = string.Join('\n', stamps),
        ["input columns"] = string.Join('\n', plan.Inputs.Select(i => $"{i.Port.Name}\t{string.Join('\t', i.Columns.Select(c => c.Field.Name))}")),
        ["outputs"] = string.Join('\n', plan.Outputs.Select(o => $"{o.Port.Name}\t{o.Role}\t{o.Column}")),
        ["carried columns"] = string.Join('\n', plan.Carried.Select(c => c.Field.Name)),
        ["classes"] = string.Join('\n', plan.Names ?? []),
        ["image recipe"] = string.Join('\n', plan.Inputs.Select(i => i.Image is { } s ? $"{s.Width}x{s.Height} {s.Channels} {s.Layout} {s.Recipe.ShorterSide} {s.Recipe.Scale:R} {string.Join(',', s.Recipe.Mean)} {string.Join(',', s.Recipe.Std)}" : "")),
        ["image root"] = options.ImageRoot ?? "",
        ["missing values"] = options.PassMissing ? "passed" : "left out",
        ["on error"] = options.SkipUnreadable ? "skip" : "fail",
        ["rows per run"] = plan.Batch.ToString(CultureInfo.InvariantCulture),
        ["rows per part"] = plan.PartRows.ToString(CultureInfo.InvariantCulture),
    };

    private static string Stamp(DataFile file)
    {
        if (RemoteName.Is(file.Path))
        {
            using RemoteLease remote = new(file.Path);
            return $"{file.Path}\t{remote.Length}\t{file.Rows}\t{remote.File.Version}";
        }
        var info = new FileInfo(file.Path);
        return info.Exists ? $"{info.FullName}\t{info.Length}\t{file.Rows}\t{info.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture)}" : "";
    }

    private static string Shown(ModelInput input) =>
        input.Columns.Count <= 4 ? string.Join(", ", input.Columns.Select(c => c.Field.Name))
        : $"{input.Columns[0].Field.Name}, {input.Columns[1].Field.Name}, … {input.Columns[^1].Field.Name} ({input.Columns.Count} columns)";

    private static string Written(ModelOutput output, ResultWriter result)
    {
        string columns = string.Join(", ", result.Make(0).Select(c => c.Field.Name));
        return output.Role == OutputRole.Logits ? $"softmax → {columns}" : columns;
    }
}
