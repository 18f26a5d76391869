using System.Text;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Submit;

/// <summary><c>gpudiag submit</c>: a command's work shared by the tasks of a scheduler that is there already.</summary>
internal static class SubmitCommand
{
    private const string Slurm = "slurm", Kubernetes = "kubernetes", Rounds = "rounds";

    private static readonly OptionGroup Job = new("Job",
    [
        new("tasks", "N", "Parts that the work is cut into, each a task") { Kind = OptionKind.Whole, Min = 1, Max = 1 << 16, Default = "8" },
        new(Rounds, "1|2", "Passes to share: 2 makes the ranking of probabilities on the tasks too") { Kind = OptionKind.Choice, Choices = ["1", "2"], Default = "1" },
        new("job", "DIR", "Folder for states, scripts and logs, which all machines see") { Default = "the output folder's name and -job" },
        new("cpus", "N", "CPUs of a task") { Kind = OptionKind.Whole, Min = 1, Max = 1024, Default = "the cluster's" },
        new("mem", "SIZE", "Memory of a task, as the scheduler writes it") { Default = "the cluster's" },
        new("gpus", "N", "GPUs of a task") { Kind = OptionKind.Whole, Max = 64, Default = "0" },
        new("partition", "NAME", "Slurm: partition") { Default = "the cluster's" },
        new("time", "TIME", "Slurm: limit of a task's time") { Default = "the cluster's" },
        new("sbatch", "OPTION", "Slurm: a further option of sbatch, such as --account=vision") { Repeatable = true },
        new("container", "IMAGE", "Kubernetes: image that has gpudiag"),
        new("volume", "CLAIM", "Kubernetes: PersistentVolumeClaim that all pods share"),
        new("mount", "PATH", "Kubernetes: where the volume is mounted; data and folders are paths in it") { Default = "/data" },
        OptionSpec.Flag("dry-run", "Write scripts or manifests, and hand nothing over"),
        OptionSpec.Flag("retry", "Slurm: hand over again what of the job in --job is not done"),
    ]);

    /// <summary>Options that the last merge takes, some of them beside the parts.</summary>
    private static readonly HashSet<string> OfResult = ["gate", "junit", "prometheus", "quiet"], OfBoth = ["device", "memory"];

    /// <summary>Options that only mean something here.</summary>
    private static readonly HashSet<string> Here = ["out", "config", "verbose", "help"];

    /// <summary>Options of a command that the plan sets, or that have no place where nobody looks.</summary>
    private static readonly HashSet<string> Planned = [OptionCatalog.Shard.Name, OptionCatalog.State.Name, "resume", "threads", "format"];

    /// <summary>Without a command's name it is a scan that is submitted.</summary>
    public static CommandSpec Spec { get; } = Of(CommandCatalog.Scan) with
    {
        Argument = "slurm|kubernetes [COMMAND] DATA…",
        Details = "Writes a script per step into the job's folder and hands them to Slurm: an array of tasks, each doing a part of the work, and a merge that begins when all succeeded. Tasks that fail are tried three times; --retry hands over what is still missing. For Kubernetes it writes manifests of Indexed Jobs. The result is the same bytes as that of the command on one machine. gpudiag status DIR tells how far it is. COMMAND is a command that has --shard, by default scan, whose options are below; gpudiag submit slurm COMMAND --help shows those of another.",
        Examples =
        [
            ("gpudiag submit slurm data/ --tasks 16 --cpus 8 --mem 16G --out nightly", "A scan by 16 tasks, then the result in nightly/"),
            ("gpudiag submit slurm knn queries.parquet base.parquet --tasks 4 --gpus 1", "A search by four tasks with a GPU each"),
            ("gpudiag submit slurm --retry --job nightly-job", "What failed, once more"),
            ("gpudiag submit kubernetes /data/predictions --tasks 32 --container registry.example/gpudiag:1 --volume predictions --dry-run", "Manifests, to apply in their order"),
        ],
        For = words => words.Count > 1 && CommandCatalog.All.FirstOrDefault(c => c.Name == words[1]) is { Merge: not null } command ? Of(command) : Spec!,
    };

    /// <summary>The same for one command, with its options.</summary>
    internal static CommandSpec Of(CommandSpec command)
    {
        CommandSpec spec = null!;
        return spec = new("submit", $"slurm|kubernetes {command.Name} {command.Argument}".TrimEnd(), "Have a cluster do a command's work: tasks for its parts, then a merge")
        {
            Details = $"Has a cluster run gpudiag {command.Name}: gpudiag submit --help says how.",
            Groups =
            [
                Job with { Options = [.. Job.Options.Where(o => o.Name != Rounds || HasRounds(command))] },
                .. command.Groups.Select(g => g with { Options = [.. g.Options.Where(o => !Planned.Contains(o.Name) && o != OptionCatalog.After)] }).Where(g => g.Options.Count > 0),
            ],
            Examples = [($"gpudiag submit slurm {command.Name} {command.Argument}".TrimEnd() + " --tasks 8 --dry-run", "The scripts alone")],
            Run = (values, session) => Run(command, spec, values, session),
        };
    }

    private static bool HasRounds(CommandSpec command) => command.Options.Contains(OptionCatalog.After);

    private static int Run(CommandSpec command, CommandSpec spec, OptionValues values, Session session)
    {
        if (values.Text("config") is string config)
            values.Underlay(ConfigFile.Read(config, spec));
        string engine = values.Inputs.FirstOrDefault() ?? throw new InputException("no scheduler is named", remedy: "Write gpudiag submit slurm DATA, or gpudiag submit kubernetes DATA --dry-run.");
        if (engine is not (Slurm or Kubernetes))
            throw new InputException($"'{engine}' is no scheduler that is known", remedy: "Name slurm or kubernetes first: gpudiag submit slurm DATA.");
        bool dry = values.Flag("dry-run"), retry = values.Flag("retry");
        if (engine == Kubernetes && (!dry || retry))
            throw new InputException("for Kubernetes manifests are written, and nothing is handed over", remedy: "Add --dry-run, then apply the manifests with kubectl; applying one again makes what is missing.");
        var plan = retry ? Earlier(values) : Plan(command, spec, values, engine);
        plan.Write();
        return engine == Kubernetes ? ToKubernetes(plan, values, session) : ToSlurm(plan, retry, dry, session);
    }

    private static int ToSlurm(JobPlan plan, bool retry, bool dry, Session session)
    {
        var steps = SlurmJob.WriteScripts(plan, retry);
        if (dry)
        {
            foreach (var (script, array) in steps)
                session.Output.Write($"sbatch{(array is null ? "" : $" --array={array}")} {Session.Quoted(script)}\n");
            return ExitCode.Done;
        }
        var jobs = SlurmJob.Submit(steps);
        SideFile.Write(Path.Combine(plan.Folder, StatusCommand.JobFile), "job", stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', jobs) + "\n")));
        session.Output.Write($"Jobs {string.Join(", ", jobs)}: {plan.Tasks} parts, then the result in {plan.Out}\ngpudiag status {Session.Quoted(plan.Folder)} tells how far it is\n");
        return ExitCode.Done;
    }

    private static int ToKubernetes(JobPlan plan, OptionValues values, Session session)
    {
        string image = values.Text("container") ?? throw new InputException("Kubernetes needs an image", remedy: "Name one that has gpudiag with --container.");
        string claim = values.Text("volume") ?? throw new InputException("Kubernetes needs a volume that all pods share", remedy: "Name its PersistentVolumeClaim with --volume.");
        foreach (var (name, manifest) in KubernetesJob.Manifests(plan, image, claim, values.Text("mount") ?? "/data", plan.Needs!))
        {
            string path = Path.Combine(plan.Folder, name + ".yaml");
            SideFile.Write(path, "job", stream => stream.Write(Encoding.UTF8.GetBytes(manifest)));
            session.Output.Write($"kubectl apply -f {Session.Quoted(path)} && kubectl wait --for=condition=complete --timeout=-1s job/{name}\n");
        }
        return ExitCode.Done;
    }

    private static JobPlan Earlier(OptionValues values)
    {
        var plan = JobPlan.Read(values.Text("job") ?? throw new InputException("--retry needs a job", remedy: "Name its folder with --job."));
        return !plan.IsDone ? plan : throw new InputException("the job is done", plan.Folder, remedy: $"Its result is in {plan.Out}.");
    }

    private static JobPlan Plan(CommandSpec command, CommandSpec spec, OptionValues values, string engine)
    {
        List<string> data = [.. values.Inputs.Skip(1)];
        if (data.FirstOrDefault() == command.Name)
            data.RemoveAt(0);
        else if (data.FirstOrDefault(d => !Path.Exists(d) && CommandCatalog.All.Any(c => c.Name == d)) is string word)
            throw new InputException(
                CommandCatalog.All.First(c => c.Name == word).Merge is null ? $"gpudiag {word} has no parts that tasks could share" : $"'{word}' stands among the data",
                remedy: $"A command that has --shard is named right behind {engine}; data of this name is ./{word}.");
        if (data.Count == 0 && command.Argument.Length > 0)
            throw new InputException("no data is given", remedy: $"Name files, globs or directories: gpudiag submit {engine} {(command == CommandCatalog.Scan ? "predictions/" : $"{command.Name} {command.Argument}")}");
        HashSet<string> ofJob = [.. Job.Options.Select(o => o.Name)];
        List<string> all = [], part = [], result = [];
        foreach (string name in values.Names.Where(n => !ofJob.Contains(n) && !Here.Contains(n)))
        {
            foreach (string value in values.Texts(name))
            {
                string[] words = spec.Options.First(o => o.Name == name).Kind == OptionKind.Flag ? (value == "true" ? [$"--{name}"] : []) : [$"--{name}", value];
                all.AddRange(words);
                if (!OfResult.Contains(name))
                    part.AddRange(words);
                if (OfResult.Contains(name) || OfBoth.Contains(name))
                    result.AddRange(words);
            }
        }
        // Told here, not by each of the tasks.
        command.Check?.Invoke(ArgumentParser.Parse(command, [.. data, .. all]));
        if (command.PartsResume)
            part.Add("--resume");
        string place = values.Text("out") ?? command.Options.First(o => o.Name == "out").Default!;
        var plan = new JobPlan(
            Application.Version, engine == Kubernetes ? ["gpudiag"] : Self(), command.Name, data, part, result, Path.GetFullPath(values.Text("job") ?? place + "-job"), Path.GetFullPath(place),
            (int)(values.Whole("tasks") ?? 8), values.Text(Rounds) == "2" ? 2 : 1)
        {
            Directory = Environment.CurrentDirectory,
            Needs = new SlurmNeeds(values.Text("partition"), values.Whole("cpus"), values.Text("mem"), values.Text("time"), values.Whole("gpus") ?? 0, values.Texts("sbatch")),
        };
        if (Directory.Exists(plan.Folder) && Directory.EnumerateFiles(plan.Folder, "round-*.gds").Any())
            throw new InputException("holds states of another job", plan.Folder, remedy: "Remove it, choose another place with --job, or go on with that job: --retry --job.");
        return plan;
    }

    /// <summary>This program, as a shell calls it.</summary>
    private static string[] Self()
    {
        string process = Environment.ProcessPath ?? "gpudiag";
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.Combine(AppContext.BaseDirectory, "gpudiag.dll")] : [process];
    }
}
