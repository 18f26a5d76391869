using System.Reflection;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>A comparison, and how it was made.</summary>
public sealed record DriftOutcome(DriftResult Result, RunInfo Run);

/// <summary>Compares datasets: what changed between a reference and another.</summary>
public static class Drift
{
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DriftOutcome Run(DriftOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        int threads = options.Threads ?? Environment.ProcessorCount;
        StageClock clock = new(progress, cancel);
        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
        using Backend backend = choice.Backend;
        using Dataset first = clock.Time("open", () => DriftSide.Open(options.Datasets[0], options.SkipUnreadable));
        using Dataset second = clock.Time("open current", () => DriftSide.Open(options.Datasets[1], options.SkipUnreadable));
        DriftRoles roles = new(first.Fields, options, first.Files[0].Path);
        DriftSide reference = Read(first, "reference"), current = Read(second, "current");
        List<NotCompared> left = [.. roles.Left, .. current.Left];
        left.AddRange(Added(first, second, roles));
        DriftResult result = clock.Time("compare", () => DriftFinish.Compare(reference.State, current.State, left, options));
        RunInfo run = new()
        {
            Version = typeof(Drift).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Roles = roles.Taken,
            Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason),
            Threads = threads,
            Seed = 0,
            Inputs = [.. reference.Files, .. current.Files],
            Skipped = [.. reference.Skipped, .. current.Skipped],
            Timings = clock.Timings,
        };
        return new DriftOutcome(result, run);

        DriftSide Read(Dataset data, string set)
        {
            Pipeline pipeline = new(data, threads, options.Memory, cancel);
            DriftSide? side = null;
            clock.Pass($"read {set}", $"reading {set}", data.Rows, done => side = DriftSide.Read(data, set, roles.Columns, options, pipeline, done));
            return side!;
        }
    }

    /// <summary>Columns that only the current data has.</summary>
    private static IEnumerable<NotCompared> Added(Dataset reference, Dataset current, DriftRoles roles)
    {
        if (roles.IsRestricted)
        {
            return [];
        }

        HashSet<string> known = [.. reference.Fields.Select(f => f.Name)];
        return current.Fields.Where(f => !known.Contains(f.Name)).Select(f => new NotCompared(f.Name, "is missing in the reference"));
    }
}
