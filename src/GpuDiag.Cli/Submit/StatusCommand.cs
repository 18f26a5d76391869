using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;
using GpuDiag.Reports;

namespace GpuDiag.Cli.Submit;

/// <summary><c>gpudiag status</c>: how far a job of <c>gpudiag submit</c> is, by the files it left, and by Slurm's queue where there is one.</summary>
internal static class StatusCommand
{
    public const string JobFile = "jobs";

    public static CommandSpec Spec { get; } = new("status", "DIR", "Tell how far a job of gpudiag submit is")
    {
        Details = "DIR is the job's folder. Exit code 0 when the result is there, 1 when it is not yet.",
        Groups = [new OptionGroup("Options", [OptionCatalog.Verbose, OptionCatalog.Help])],
        Examples = [("gpudiag status nightly-job", "Parts that are there, tasks that run or wait")],
        Run = Run,
    };

    public static int Run(OptionValues values, Session session)
    {
        if (values.Inputs.Count != 1)
            throw new InputException("one folder is needed", remedy: "Name the job's folder: gpudiag status gpudiag-out-job");
        var plan = JobPlan.Read(values.Inputs[0]);
        var output = session.Output;
        bool waits = true;
        for (int round = 1; round <= plan.Rounds; round++)
        {
            var missing = plan.Missing(round);
            string left = missing.Count == 0 ? "" : $"; not there: {SlurmJob.Ranges(missing)}";
            output.Write($"Round {round}: {Plain.Count(plan.Tasks - missing.Count)} of {Plain.Count(plan.Tasks)} parts{left}\n");
            if (waits && missing.Count > 0)
                TellFaults(plan, round, missing, output);
            waits = waits && missing.Count == 0;
        }
        string jobs = Path.Combine(plan.Folder, JobFile);
        if (!plan.IsDone && File.Exists(jobs) && SlurmJob.Queue(File.ReadAllLines(jobs)) is { } queue)
        {
            output.Write(queue.Count == 0
                ? $"Slurm has none of its jobs any more: gpudiag submit slurm --retry --job {Session.Quoted(values.Inputs[0])} hands over what is missing\n"
                : string.Concat(queue.Select(l => $"Slurm: job {Plain.Name(l)}\n")));
        }
        output.Write(plan.IsDone ? $"Done: the result is in {plan.Out}\n" : "Not done yet\n");
        return plan.IsDone ? ExitCode.Done : ExitCode.GateFailed;
    }

    /// <summary>The last line that is an error, of the first few tasks that left one.</summary>
    private static void TellFaults(JobPlan plan, int round, IReadOnlyList<int> missing, TextWriter output)
    {
        const int most = 3;
        int told = 0;
        foreach (int task in missing)
        {
            string log = Path.Combine(plan.Folder, $"round-{round}-{task}.log");
            if (told < most && File.Exists(log) && File.ReadLines(log).LastOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase) || l.Contains("CANCELLED", StringComparison.Ordinal)) is string line)
            {
                output.Write($"  task {task}: {Plain.Name(line, 200)}\n");
                told++;
            }
        }
    }
}
