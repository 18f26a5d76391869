using System.Text.Json;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Submit;

/// <summary>The work of a command, shared by the tasks of a scheduler: the commands of its steps, and where their states go. Kept in <c>plan.json</c>.</summary>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Command">How gpudiag is called, as words of a shell.</param>
/// <param name="Verb">The command whose work it is: <c>scan</c>, <c>knn</c>, …</param>
/// <param name="Data">Files, globs and directories, as they were given.</param>
/// <param name="PartOptions">Options of the parts, as words.</param>
/// <param name="ResultOptions">Options of the last merge, as words.</param>
/// <param name="Folder">The work folder, absolute: states, scripts, logs.</param>
/// <param name="Out">The output folder, absolute.</param>
/// <param name="Tasks">Parts of each round.</param>
/// <param name="Rounds">1: parts of the first pass; 2: of the second too.</param>
internal sealed record JobPlan(
    string Version, IReadOnlyList<string> Command, string Verb, IReadOnlyList<string> Data, IReadOnlyList<string> PartOptions, IReadOnlyList<string> ResultOptions, string Folder, string Out, int Tasks, int Rounds)
{
    public const string FileName = "plan.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Where the data's relative names start.</summary>
    public required string Directory { get; init; }

    /// <summary>What the tasks ask of Slurm.</summary>
    public SlurmNeeds? Needs { get; init; }

    /// <summary>What its steps are called on the cluster.</summary>
    public string Name => Verb == "scan" ? "gpudiag" : $"gpudiag-{Verb}";

    public string Part(int round, int task) => Path.Combine(Folder, $"round-{round}-part-{task}.gds");

    public string Merged(int round) => Path.Combine(Folder, $"round-{round}.gds");

    /// <summary>Tasks of a round whose state is not there.</summary>
    public IReadOnlyList<int> Missing(int round) => [.. Enumerable.Range(1, Tasks).Where(task => !File.Exists(Part(round, task)))];

    public bool IsDone => File.Exists(Path.Combine(Folder, "done"));

    /// <summary>A shell command that makes the part of a task and round; <paramref name="task"/> may be a shell variable.</summary>
    public string PartLine(int round, string task)
    {
        string state = Session.Quoted(Path.Combine(Folder, $"round-{round}-part-")) + task + ".gds";
        string[] words = round == 1
            ? [.. Command, Verb, .. Data, .. PartOptions]
            : [.. Command, Verb, "--after", Merged(round - 1)];
        return $"{Line(words)} --shard {task}/{Tasks} --state {state} --quiet";
    }

    /// <summary>A shell command that merges a round: to a state, the last one to the result.</summary>
    public string MergeLine(int round)
    {
        string parts = Session.Quoted(Path.Combine(Folder, $"round-{round}-part-")) + "*.gds";
        string after = round == 1 ? "" : " --after " + Session.Quoted(Merged(round - 1));
        return round < Rounds
            ? $"{Line([.. Command, "merge"])} {parts}{after} --state {Session.Quoted(Merged(round))} --quiet"
            : $"{Line([.. Command, "merge"])} {parts}{after} --out {Session.Quoted(Out)} {Line(ResultOptions)}".TrimEnd();
    }

    public void Write()
    {
        try
        {
            System.IO.Directory.CreateDirectory(Folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the folder can't be made: {fault.Message}", Folder, remedy: "Give --job another place.", inner: fault);
        }
        SideFile.Write(Path.Combine(Folder, FileName), "job", stream => JsonSerializer.Serialize(stream, this, Indented));
    }

    public static JobPlan Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<JobPlan>(File.ReadAllBytes(path)) is { Verb: not null, PartOptions: not null } plan ? plan : throw new JsonException("no plan");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InputException("holds no job of gpudiag submit", folder, remedy: "Name the folder that gpudiag submit told.", inner: fault);
        }
    }

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Session.Quoted));
}
