using System.Reflection;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The main job: diagnoses one model on one dataset. Opens data and device, has the <see cref="Diagnosis"/> made, and
/// says where and how it was made.
/// </summary>
public static class Scan
{
    /// <summary>Scans. Data and device stay open until the outcome's rows were enumerated.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ScanOutcome Run(ScanOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel) => Run(options, progress, () => new Rounds(), cancel);

    /// <param name="options">What to scan and how.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="rounds">What is known of passes already, and where to stop; asked for each attempt.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="RoundEnd">It was to stop before the result.</exception>
    internal static ScanOutcome Run(ScanOptions options, IProgress<ScanProgress>? progress, Func<Rounds> rounds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        Quarantine quarantine = new();
        while (true)
        {
            try
            {
                return Attempt(options, options.SkipUnreadable ? quarantine : null, progress, rounds(), cancel);
            }
            catch (Exception fault) when (options.SkipUnreadable && quarantine.Takes(fault))
            {
                // Once more, without the files at fault: every file is lost for one reason only, so this ends.
            }
        }
    }

    private static ScanOutcome Attempt(ScanOptions options, Quarantine? quarantine, IProgress<ScanProgress>? progress, Rounds rounds, CancellationToken cancel)
    {
        StageClock clock = new(progress, cancel) { Frugal = options.Memory is not null };
        Dataset? data = null;
        Backend? backend = null;
        try
        {
            Dataset opened = data = clock.Time("open", () => DatasetOpening.Open(options, quarantine));
            if (data.Rows == 0)
            {
                throw new InputException("there are no rows", data.Files[0].Path, null, "Check that the data was written completely.");
            }

            rounds.Open(opened);
            Roles roles = new RoleResolver(data.Fields, DatasetOpening.ColumnOptions(options), data.Files[0].Path).Resolve();
            ScanRoom room = ScanRoom.Of(options.Memory, options.Threads ?? Environment.ProcessorCount, data.Rows, roles, data.Files[0].Path);
            using TrainSet? train = options.Train.Count == 0 ? null : clock.Time("open train", () => TrainSet.Open(options, roles, quarantine));
            BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
            backend = choice.Backend;
            Diagnosis diagnosis = Diagnosis.Make(opened, roles, train, choice.Backend, options, rounds, room, clock, cancel);
            opened.CheckUnchanged();
            train?.Data.CheckUnchanged();
            RunInfo run = new()
            {
                Version = typeof(Scan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
                Roles = diagnosis.Taken,
                Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason),
                Threads = room.Threads,
                Seed = options.Seed,
                Options = GivenOptions.Of(options, new ScanOptions { Inputs = [] }),
                Inputs = [.. data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows)), .. (train?.Data.Files ?? []).Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = "train" })],
                Skipped = [.. data.Skipped.Concat(train?.Data.Skipped ?? []).Select(s => new SkippedFile(s.Path, s.Reason))],
                Timings = clock.Timings,
            };
            return new ScanOutcome(diagnosis.Result, run, new RowTable(data, diagnosis.Plan, diagnosis.Rows, diagnosis.Lines, options.AllRows, cancel).Rows())
            {
                Neighbors = diagnosis.Showing.Neighbors,
                Gallery = diagnosis.Showing.Gallery,
                MapRows = diagnosis.Showing.Map,
            };
        }
        catch (Exception fault)
        {
            backend?.Dispose();
            data?.Dispose();
            if (fault is not (OperationCanceledException or RoundEnd))
            {
                // What a file that changes under the reader looks like is anything; this is the reason.
                data?.CheckUnchanged();
            }

            throw;
        }
    }
}
