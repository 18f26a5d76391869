using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Submit;

/// <summary>What the tasks ask of Slurm. Null: what the cluster gives by itself.</summary>
internal sealed record SlurmNeeds(string? Partition, ulong? Cpus, string? Memory, string? Time, ulong Gpus, IReadOnlyList<string> More);

/// <summary>A plan as Slurm scripts: an array of tasks per round, and a merge after it that begins when all of them succeeded.</summary>
internal static class SlurmJob
{
    private const int Attempts = 3;

    /// <summary>Writes the scripts, in the order of their submission.</summary>
    /// <returns>Per script its path, and of an array the tasks.</returns>
    public static IReadOnlyList<(string Script, string? Array)> WriteScripts(JobPlan plan, bool missingOnly)
    {
        var needs = plan.Needs ?? new SlurmNeeds(null, null, null, null, 0, []);
        List<(string, string?)> steps = [];
        for (int round = 1; round <= plan.Rounds; round++)
        {
            if (missingOnly && round < plan.Rounds && File.Exists(plan.Merged(round)))
                continue;
            IReadOnlyList<int> tasks = missingOnly ? plan.Missing(round) : [.. Enumerable.Range(1, plan.Tasks)];
            if (tasks.Count > 0)
                steps.Add((Save(plan, $"round-{round}.sh", Script(plan, needs, $"round-{round}", "%a", PartBody(plan, round))), Ranges(tasks)));
            steps.Add((Save(plan, $"merge-{round}.sh", Script(plan, needs with { Gpus = 0 }, $"merge-{round}", "0", MergeBody(plan, round))), null));
        }
        return steps;
    }

    /// <summary>Hands the scripts over: each begins when the one before succeeded, and is withdrawn when that failed.</summary>
    /// <returns>Their numbers.</returns>
    public static IReadOnlyList<string> Submit(IReadOnlyList<(string Script, string? Array)> steps)
    {
        List<string> jobs = [];
        foreach (var (script, array) in steps)
        {
            List<string> words = ["--parsable", "--kill-on-invalid-dep=yes"];
            if (array is not null)
                words.Add($"--array={array}");
            if (jobs.Count > 0)
                words.Add($"--dependency=afterok:{jobs[^1]}");
            jobs.Add(Run("sbatch", [.. words, script]).Trim().Split(';')[0]);
        }
        return jobs;
    }

    /// <summary>A line per job and state, as squeue has them: <c>12 RUNNING 3</c>; empty where all have ended. Null where there is no Slurm here.</summary>
    public static IReadOnlyList<string>? Queue(IReadOnlyList<string> jobs)
    {
        try
        {
            var lines = Run("squeue", ["--noheader", "--array", "--format=%F %T %r", "--me"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return [.. lines.Where(l => jobs.Contains(l.Split(' ')[0])).GroupBy(l => l).Select(g => $"{g.Key} × {g.Count().ToString(CultureInfo.InvariantCulture)}")];
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Numbers as Slurm writes them: <c>1-3,7</c>.</summary>
    internal static string Ranges(IReadOnlyList<int> numbers)
    {
        var text = new StringBuilder();
        for (int i = 0, j; i < numbers.Count; i = j)
        {
            for (j = i + 1; j < numbers.Count && numbers[j] == numbers[j - 1] + 1;)
                j++;
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{numbers[i]}");
            if (j > i + 1)
                text.Append(CultureInfo.InvariantCulture, $"-{numbers[j - 1]}");
        }
        return text.ToString();
    }

    private static string Script(JobPlan plan, SlurmNeeds needs, string name, string log, string body)
    {
        var text = new StringBuilder("#!/bin/bash\n");
        Add($"--job-name={plan.Name}-{name}");
        Add($"--chdir={plan.Directory}");
        Add($"--output={Path.Combine(plan.Folder, $"{name}-{log}.log")}");
        Add("--open-mode=append");
        Add("--requeue");
        if (needs.Partition is not null)
            Add($"--partition={needs.Partition}");
        if (needs.Cpus is ulong cpus)
            Add($"--cpus-per-task={cpus.ToString(CultureInfo.InvariantCulture)}");
        if (needs.Memory is not null)
            Add($"--mem={needs.Memory}");
        if (needs.Time is not null)
            Add($"--time={needs.Time}");
        if (needs.Gpus > 0)
            Add($"--gpus-per-task={needs.Gpus.ToString(CultureInfo.InvariantCulture)}");
        foreach (string more in needs.More)
            Add(more);
        return text.Append(body).ToString();

        void Add(string directive)
        {
            if (directive.Any(char.IsControl))
                throw new InputException("a line break or control character can't stand in a Slurm script", remedy: "Rename the folder, or correct the option.");
            text.Append(CultureInfo.InvariantCulture, $"#SBATCH {(directive.Contains(' ', StringComparison.Ordinal) ? Session.Quoted(directive) : directive)}\n");
        }
    }

    private static string PartBody(JobPlan plan, int round) => $$"""
        # A part that is there is whole: a task that Slurm starts again has nothing left to do.
        [ -e {{Session.Quoted(Path.Combine(plan.Folder, $"round-{round}-part-"))}}"$SLURM_ARRAY_TASK_ID".gds ] && exit 0
        for attempt in {{string.Join(' ', Enumerable.Range(1, Attempts))}}; do
          {{plan.PartLine(round, "\"$SLURM_ARRAY_TASK_ID\"")}} ${SLURM_CPUS_PER_TASK:+--threads "$SLURM_CPUS_PER_TASK"}
          code=$?
          # 2: data or options are wrong, which no further attempt changes. 130: it was told to stop.
          case $code in 0 | 2 | 130) exit $code ;; esac
        done
        exit $code

        """;

    private static string MergeBody(JobPlan plan, int round) => $$"""
        {{plan.MergeLine(round)}} ${SLURM_CPUS_PER_TASK:+--threads "$SLURM_CPUS_PER_TASK"}
        code=$?
        {{(round == plan.Rounds ? $"case $code in 0 | 1 | 4) echo $code >{Session.Quoted(Path.Combine(plan.Folder, "done"))} ;; esac\n" : "")}}exit $code

        """;

    private static string Save(JobPlan plan, string name, string text)
    {
        string path = Path.Combine(plan.Folder, name);
        SideFile.Write(path, "job", stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        return path;
    }

    private static string Run(string program, string[] words)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output
                : throw new InputException($"{program} refused: {errors.Result.Trim()}", remedy: "The scripts are in the job's folder: correct the options, or submit them by hand.");
        }
        catch (Win32Exception fault)
        {
            throw new InputException($"there is no {program} here", remedy: "Run this where Slurm's commands are, or add --dry-run to have the scripts written only.", inner: fault);
        }
    }
}
