using System.Reflection;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>Comparisons, and how they were made.</summary>
/// <param name="Results">One per dataset after the reference, in their order. Empty: the reference was only read.</param>
/// <param name="ReferenceRows">Rows of the reference.</param>
/// <param name="ReferenceColumns">Its columns that are compared.</param>
public sealed record DriftOutcome(IReadOnlyList<DriftResult> Results, long ReferenceRows, int ReferenceColumns, RunInfo Run)
{
    internal SavedState Reference { get; init; } = null!;

    /// <summary>Writes the reference, so that another run need not read its data.</summary>
    public void SaveReference(Stream stream) => Reference.Save(stream);
}

/// <summary>Compares datasets: what changed between a reference and others.</summary>
public sealed class Drift
{
    private readonly DriftOptions options;
    private readonly Quarantine? quarantine;
    private readonly CancellationToken cancel;
    private readonly StageClock clock;
    private readonly Backend backend;
    private readonly int threads;
    private readonly List<InputFile> files = [];
    private readonly List<SkippedFile> skipped = [];
    private readonly List<string> referenceData = [];
    private readonly DriftClusters clusters;
    private readonly Rounds rounds;
    private IReadOnlyList<BinOption> bins = [];
    private bool joinsSaved;

    private Drift(DriftOptions options, Backend backend, Quarantine? quarantine, Rounds rounds, StageClock clock, CancellationToken cancel) =>
        (this.options, this.quarantine, this.backend, this.rounds, this.clock, this.cancel, threads, clusters) = (
            options, quarantine, backend, rounds, clock, cancel, options.Threads ?? Environment.ProcessorCount, new DriftClusters(backend, options.Threads ?? Environment.ProcessorCount, options.Memory, cancel));

    /// <summary>Compares every dataset after the first with it.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DriftOutcome Run(DriftOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel) => Run(options, progress, () => new Rounds(), cancel);

    /// <param name="options">What to compare and how.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="rounds">What is known of passes already, and where to stop; asked for each attempt.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="RoundEnd">It was to stop before the result.</exception>
    internal static DriftOutcome Run(DriftOptions options, IProgress<ScanProgress>? progress, Func<Rounds> rounds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Quarantine.Attempts(options.SkipUnreadable, quarantine => Attempt(options, quarantine, rounds(), progress, cancel));
    }

    private static DriftOutcome Attempt(DriftOptions options, Quarantine? quarantine, Rounds rounds, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        StageClock clock = new(progress, cancel);
        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
        using Backend backend = choice.Backend;
        Drift drift = new(options, backend, quarantine, rounds, clock, cancel);
        SavedState reference = drift.Reference(options.Datasets[0]);
        for (int i = 0; i < options.Further.Count; i++)
        {
            reference = drift.Join(reference, options.Further[i], i + 1);
        }

        if (!drift.joinsSaved && rounds.Goal == RoundGoal.Result)
        {
            // The rows of a saved state are not there to be counted again.
            reference = new DriftCuts(reference, drift.bins, options.Segments.Count > 0).Run(
                drift.referenceData, name => DriftSide.Open(name, options.SkipUnreadable, quarantine), drift.clusters, backend, data => new Pipeline(data, drift.threads, options.Memory, cancel), rounds, clock);
        }

        List<DriftResult> results = [];
        foreach (string current in options.Datasets.Skip(1))
        {
            (DriftState state, List<NotCompared> left) = drift.Current(reference, current, results.Count + 1);
            results.Add(rounds.Goal == RoundGoal.Result ? clock.Time("compare", () => DriftFinish.Compare(reference.State, state, left, options)) : null!);
        }

        rounds.End();
        RunInfo run = new()
        {
            Version = typeof(Drift).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Roles = reference.Roles,
            Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason),
            Threads = drift.threads,
            Seed = 0,
            Options = GivenOptions.Of(options, new DriftOptions { Datasets = [] }),
            Inputs = drift.files,
            Skipped = drift.skipped,
            Timings = clock.Timings,
        };
        return new DriftOutcome(results, reference.State.Rows, reference.State.Columns.Count, run) { Reference = reference };
    }

    private SavedState Reference(string name)
    {
        if (SavedState.IsOne(name))
        {
            if (options.SettlingOptions.FirstOrDefault() is { } settled)
            {
                throw new InputException($"--{settled} is settled by the saved reference", name, null, "Leave it out, or save the reference anew with it.");
            }

            joinsSaved = true;
            return Load(name, "reference", "reference");
        }

        referenceData.Add(name);
        using Dataset data = Open("open", "reference", name);
        DriftRoles roles = new(data.Fields, options, data.Files[0].Path);
        bins = roles.Bins;
        DriftSide side = Read(data, "reference", "reference", roles.Columns, roles.Segments);
        return new SavedState(side.State, roles.Taken, roles.Left, [.. data.Fields.Select(f => f.Name)], roles.IsRestricted);
    }

    private Dataset Open(string stage, string role, string name)
    {
        Dataset data = clock.Time(stage, () => DriftSide.Open(name, options.SkipUnreadable, quarantine));
        try
        {
            rounds.Open(data, role);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private SavedState Load(string name, string set, string role)
    {
        rounds.Open(name, role);
        SavedState saved = clock.Time($"load {set}", () => SavedState.Load(name));
        files.Add(new InputFile(name, new FileInfo(name).Length, saved.State.Rows) { Set = set });
        return saved;
    }

    /// <summary>Merges further data into the reference. Cells that were not asked for and are cut otherwise in what is merged are left out.</summary>
    private SavedState Join(SavedState reference, string name, int number)
    {
        string role = FormattableString.Invariant($"further {number}");
        DriftState state;
        if (SavedState.IsOne(name))
        {
            joinsSaved = true;
            state = Load(name, "reference", role).State;
        }
        else
        {
            referenceData.Add(name);
            using Dataset data = Open("open", role, name);
            state = Read(data, "reference", role, reference.State.Columns, reference.State.Segmentations).State;
        }

        DriftState whole = reference.State;
        (IReadOnlyList<DriftSegment> mine, IReadOnlyList<DriftSegment> theirs) = (whole.Segmentations, state.Segmentations);
        whole = whole.Where(s => s.Asked || s.Cut is null || theirs.Any(s.IsLike));
        state = state.Where(s => s.Asked || s.Cut is null || mine.Any(s.IsLike));
        if (!state.Columns.SequenceEqual(whole.Columns) || state.Segmentations.Count != whole.Segmentations.Count || !state.Segmentations.Zip(whole.Segmentations).All(s => s.First.IsLike(s.Second)))
        {
            throw new InputException("has other columns, segments or bins than the reference, so it cannot join it", name, null, "Save both with the same options, of data of one schema.");
        }

        whole.Merge(state);
        return reference with { State = whole };
    }

    private (DriftState State, List<NotCompared> Left) Current(SavedState reference, string name, int number)
    {
        string set = options.Datasets.Count == 2 ? "current" : FormattableString.Invariant($"current {number}");
        List<NotCompared> left = [.. reference.Left];
        DriftState state;
        IEnumerable<string> fields;
        if (SavedState.IsOne(name))
        {
            SavedState saved = Load(name, set, set);
            (state, fields) = (saved.State, saved.Fields);
            left.AddRange(reference.State.Columns.Where(c => state.Find(c) is null).Select(c => new NotCompared(c.Name, "is missing in the current data, or of another kind there")));
        }
        else
        {
            using Dataset data = Open($"open {set}", set, name);
            DriftSide side = Read(data, set, set, reference.State.Columns, reference.State.Segmentations);
            (state, fields) = (side.State, [.. data.Fields.Select(f => f.Name)]);
            left.AddRange(side.Left);
        }

        if (!reference.Restricted)
        {
            left.AddRange(fields.Except(reference.Fields).Select(f => new NotCompared(f, "is missing in the reference")));
        }

        return (state, left);
    }

    private DriftSide Read(Dataset data, string set, string role, IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments)
    {
        Pipeline pipeline = new(data, threads, options.Memory, cancel);
        DriftSide? side = null;
        clock.Pass($"read {set}", $"reading {set}", data.Rows, done => side = DriftSide.Read(data, (set, role), columns, segments, options, clusters, backend, pipeline, rounds, done));
        data.CheckUnchanged();
        files.AddRange(side!.Files);
        skipped.AddRange(side.Skipped);
        return side;
    }
}
