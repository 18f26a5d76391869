using System.Reflection;
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
    public static ScanOutcome Run(ScanOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        int threads = options.Threads ?? Environment.ProcessorCount;
        StageClock clock = new(progress, cancel);
        Dataset? data = null;
        Backend? backend = null;
        try
        {
            Dataset opened = data = clock.Time("open", () => DatasetOpening.Open(options));
            if (data.Rows == 0)
            {
                throw new InputException("there are no rows", data.Files[0].Path, null, "Check that the data was written completely.");
            }

            Roles roles = new RoleResolver(data.Fields, DatasetOpening.ColumnOptions(options), data.Files[0].Path).Resolve();
            using TrainSet? train = options.Train.Count == 0 ? null : clock.Time("open train", () => TrainSet.Open(options, roles));
            BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
            backend = choice.Backend;
            Diagnosis diagnosis = Diagnosis.Make(opened, roles, train, choice.Backend, options, threads, clock, cancel);
            RunInfo run = new()
            {
                Version = typeof(Scan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
                Roles = diagnosis.Taken,
                Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason),
                Threads = threads,
                Seed = options.Seed,
                Inputs = [.. data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows)), .. (train?.Data.Files ?? []).Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = "train" })],
                Skipped = [.. data.Skipped.Concat(train?.Data.Skipped ?? []).Select(s => new SkippedFile(s.Path, s.Reason))],
                Timings = clock.Timings,
            };
            return new ScanOutcome(diagnosis.Result, run, new RowTable(data, diagnosis.Plan, diagnosis.Rows, diagnosis.Notes, options.AllRows, cancel).Rows())
            {
                Neighbors = diagnosis.Neighbors,
            };
        }
        catch
        {
            backend?.Dispose();
            data?.Dispose();
            throw;
        }
    }
}
