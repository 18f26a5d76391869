using GpuDiag.Analyses.Scan;

namespace GpuDiag.Reports;

/// <summary>
/// Where a result comes from: program, command, seed, columns taken, options that are not the defaults, files, and files left out with the
/// reason. It holds nothing of the machine, the time or the folders that files lie in: run.json has these.
/// </summary>
internal static class ProvenanceJson
{
    /// <summary>Files of a set, and files left out, that have a line of their own at most.</summary>
    private const int MostFiles = 200;

    /// <param name="json">Receives it.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="run">The run; null where a result is told without one.</param>
    public static void Write(Json json, string command, RunInfo? run)
    {
        var w = json.Tall;
        if (run is null)
        {
            w.WriteNull("provenance");
            return;
        }
        w.WriteStartObject("provenance");
        w.WriteString("version", run.Version);
        w.WriteString("command", command);
        w.WriteNumber("seed", run.Seed);
        w.WriteStartArray("roles");
        foreach (var role in run.Roles)
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("role", role.Role);
                // A matrix beside the data stands there with its path.
                line.WriteString("column", role.Column.EndsWith(".npy", StringComparison.Ordinal) ? Path.GetFileName(role.Column) : role.Column);
                line.WriteString("how", role.How);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        json.Line("options", line =>
        {
            line.WriteStartObject();
            foreach (string name in run.Options.Keys)
            {
                line.WritePropertyName(name);
                GivenOptions.Write(line, run.Options[name]);
            }
            line.WriteEndObject();
        });
        WriteInputs(json, run.Inputs);
        w.WriteStartArray("skipped");
        foreach (var skipped in run.Skipped.Take(MostFiles))
        {
            json.Line(line =>
            {
                line.WriteStartObject();
                line.WriteString("file", Path.GetFileName(skipped.Path));
                line.WriteString("reason", skipped.Reason);
                line.WriteEndObject();
            });
        }
        w.WriteEndArray();
        w.WriteNumber("skipped_files", run.Skipped.Count);
        w.WriteEndObject();
    }

    private static void WriteInputs(Json json, IReadOnlyList<InputFile> inputs)
    {
        var w = json.Tall;
        w.WriteStartArray("inputs");
        foreach (var set in inputs.GroupBy(i => i.Set))
        {
            InputFile[] files = [.. set];
            foreach (var file in files.Take(MostFiles))
                Line(set.Key, Path.GetFileName(file.Path), 1, file.Rows, file.Bytes);
            InputFile[] others = files[Math.Min(MostFiles, files.Length)..];
            if (others.Length > 0)
                Line(set.Key, null, others.Length, others.Sum(f => f.Rows), others.Sum(f => f.Bytes));
        }
        w.WriteEndArray();

        void Line(string set, string? file, int files, long rows, long bytes) => json.Line(line =>
        {
            line.WriteStartObject();
            line.WriteString("set", set);
            line.WriteString("file", file);
            line.WriteNumber("files", files);
            line.WriteNumber("rows", rows);
            line.WriteNumber("bytes", bytes);
            line.WriteEndObject();
        });
    }
}
