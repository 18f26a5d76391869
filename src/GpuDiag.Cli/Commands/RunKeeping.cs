using System.Globalization;
using System.Text.Json.Nodes;
using GpuDiag.Analyses.Shards;
using GpuDiag.Reports;
using GpuDiag.Reports.Monitoring;

namespace GpuDiag.Cli.Commands;

/// <summary>Keeps what a long run has read so far in its output folder, and goes on from there with <c>--resume</c>.</summary>
internal sealed class RunKeeping
{
    public const string FileName = ".gpudiag-resume.gds";

    private const string Variable = "GPUDIAG_KEEP_SECONDS", Remedy = "Give the same command and data as then, or start anew without --resume.";

    private readonly string path;
    private readonly Session session;
    private readonly Func<SortedDictionary<string, JsonNode?>> tellOptions;
    private int attempts;
    private bool wrote;
    private SortedDictionary<string, JsonNode?>? options;

    /// <param name="folder">Receives the results; what is kept goes when they are there.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="options">Tells its options (<see cref="StateAbout.OptionsOf"/>), which takes time and is asked where something is kept: a run with others is another.</param>
    /// <param name="session">Is told.</param>
    public RunKeeping(OutputFolder folder, string command, Func<SortedDictionary<string, JsonNode?>> options, Session session)
    {
        (Command, tellOptions, this.session) = (command, options, session);
        path = Path.Combine(folder.Path, FileName);
        folder.Remove(FileName);
    }

    public string Command { get; }

    public SortedDictionary<string, JsonNode?> Options => options ??= tellOptions();

    /// <summary>Go on where an earlier run stopped.</summary>
    public bool Resumes { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Unreadable files are left out: where the data differs for that, the run starts anew.</summary>
    public bool SkipsUnreadable { get; init; }

    /// <summary>From one keeping to the next; the variable is for tests.</summary>
    private static TimeSpan Interval
        => double.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(30);

    /// <summary>Runs, from where an earlier run was where that is asked for.</summary>
    public T Run<T>(Func<Func<Rounds>, T> run)
    {
        try
        {
            return run(Next);
        }
        catch (OperationCanceledException) when (wrote)
        {
            session.Errors.WriteLine("gpudiag: what was read so far is kept: the same command with --resume goes on there");
            throw;
        }
    }

    private Rounds Next()
    {
        var book = ++attempts == 1 && Resumes ? Earlier() : null;
        List<RoundData> opened = [];
        Rounds rounds = null!;
        rounds = new Rounds
        {
            Check = data =>
            {
                opened.Add(data);
                if ((book?.About.DiffersInOptions(About([])) ?? book?.About.Differs(data)) is not { } difference)
                    return;
                if (!SkipsUnreadable)
                    throw new InputException($"the earlier run differs: there {difference}", path, remedy: Remedy);
                session.Errors.WriteLine($"gpudiag: starting anew, for the earlier run differs: there {difference}");
                rounds.Forget();
                book = null;
            },
            Checkpoints = new Checkpoints(Interval, sections =>
            {
                SideFile.Write(path, "out", new StateBook(About(opened), sections).Write);
                wrote = true;
            }),
        };
        foreach (var (name, content) in book?.Sections ?? [])
            rounds.Add(name, content);
        return rounds;
    }

    private StateAbout About(IEnumerable<RoundData> data)
        => new(StateAbout.CurrentFormat, Application.Version, Command, "", "", "", Options, RoundData.Of(data));

    private StateBook? Earlier()
    {
        if (File.Exists(path))
            return StateBook.Read(path, Application.Version);
        if (!Quiet)
            session.Errors.WriteLine("gpudiag: nothing was kept of an earlier run: starting at the beginning");
        return null;
    }
}
