using System.Globalization;
using System.Reflection;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Compares two models on the same rows: matches the rows, notes what AFTER says under the rows of BEFORE, then counts label ×
/// before × after in one reading of BEFORE; all that is told follows from these counts.
/// </summary>
public static class Comparison
{
    private const long DefaultMemory = 1L << 30;

    /// <summary>Distinct values above which a column is no segment unless asked for.</summary>
    private const int FoundSegmentValues = 100;

    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static CompareOutcome Run(CompareOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel) => Run(options, progress, () => new Rounds(), cancel);

    /// <param name="options">What to compare and how.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="rounds">What is known of passes already, and where to stop; asked for each attempt.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="RoundEnd">It was to stop before the result.</exception>
    internal static CompareOutcome Run(CompareOptions options, IProgress<ScanProgress>? progress, Func<Rounds> rounds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Quarantine.Attempts(options.Before.SkipUnreadable, quarantine => Attempt(options, quarantine, rounds(), progress, cancel));
    }

    private static CompareOutcome Attempt(CompareOptions options, Quarantine? quarantine, Rounds rounds, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ScanOptions shared = options.Before;
        int threads = shared.Threads ?? Environment.ProcessorCount;
        StageClock clock = new(progress, cancel);
        using CompareSides sides = clock.Time("open", () => CompareSides.Open(options, quarantine, data => new Pipeline(data, threads, shared.Memory, cancel)));
        (CompareSide before, CompareSide after) = (sides.Before, sides.After);
        rounds.Open(before.Data, sides.IsOneTable ? "data" : "before");
        if (!sides.IsOneTable)
        {
            rounds.Open(after.Data, "after");
        }

        if (options.Cases is { } earlier && File.Exists(Cases.FileOf(earlier)))
        {
            rounds.Open(Cases.FileOf(earlier), "cases");
        }

        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(shared.Device));
        using Backend backend = choice.Backend;
        Domain classes = ClassDomain.For(shared, [.. Classes(before.Roles), .. Classes(after.Roles)]);
        clock.Time("look", () =>
        {
            before.Plan(backend, classes, FoundSegmentValues, rounds);
            after.Plan(backend, classes, FoundSegmentValues, rounds);
            return true;
        });
        long memory = shared.Memory ?? DefaultMemory;
        Cases? cases = options.Cases is { } source ? clock.Time("read cases", () => Cases.Read(source, before.Roles.Id)) : null;
        CompareClusters? clusters = null;
        if (!rounds.IsCut)
        {
            rounds.Value("clusters", Cluster, writer => CompareClusters.Save(writer, clusters), reader => clusters = CompareClusters.Load(reader));
        }

        using Matching matching = new(sides, options, memory, threads, clock);
        AfterRows rows = matching.Read(rounds);
        PairDomain[] pairs = [
            new(classes, new Domain("")),
            .. before.Rows.Columns.Segments.Select(s => new PairDomain(classes, s)),
            .. clusters is { Count: > 0 } ? [new PairDomain(classes, clusters.Domain)] : (PairDomain[])[],
        ];
        int[] ranked = sides.HasProbabilities ? RankPairs.Asked(before) : [];
        PairState state = PairPass.Run(before, after, rows, pairs, clusters is { Count: > 0 } ? clusters : null, ranked, rounds, clock);
        ClassDomain.CheckKnown(classes);
        if (rounds.Goal == RoundGoal.Result)
        {
            CheckOrder(state, matching.Result, before);
        }

        RankTable[] ranks = sides.HasProbabilities ? RankPairs.Run(before, after, rows, state.Positives, ranked, rounds, clock) : [];
        rounds.End();
        if (rounds.IsCut)
        {
            // No part of the rows decides the clusters of all.
            Cluster();
            if (clusters is { Count: > 0 })
            {
                PairDomain pair = new(classes, clusters.Domain);
                (pairs, state) = ([.. pairs, pair], state.With(PairPass.Count(before, after, rows, [pairs[0], pair], clusters, clock)));
            }
        }

        IReadOnlyList<int> given = before.Rows.ClassCodes is { Length: > 0 } order ? order
            : after.Rows.ClassCodes is { Length: > 0 } other ? other
            : shared.Classes is { } names ? [.. names.Select(classes.Code)] : [];
        ILookup<int, ClusterValue>? values = clusters is { Count: > 0 } ? clusters.OverRepresented(before, shared.MinSupport, clock) : null;
        CompareResult result = clock.Time("finish", () => new CompareFinish(state, ranks, pairs, clusters, values, matching.Result, given, options, threads).Finish());
        SliceStage? slices = RegressedSlices.Search(before, rows, state, pairs, shared, threads, clock, cancel);
        FlipStates flips = FlipPass.Run(before, rows, slices?.Rows, shared.MaxRows, clock);
        result = result with
        {
            SliceSearch = slices?.Result,
            Slices = slices is null ? [] : RegressedSlices.Judge(slices.Result, flips, options.Margin),
            Cases = cases is null ? null : CaseFinish.Finish(cases, CasePass.Run(before, rows, cases, clock), options.Margin),
        };
        result = result with { Regressions = CompareRegressions.Of(result) };
        FlipRow[] shown = clock.Time("flip ids", () => FlipRows.Of(flips, before, rows, classes, cancel));
        clock.Time("pictures", () =>
        {
            FlipPictures.Add(shown, before, threads, cancel);
            return true;
        });
        before.Data.CheckUnchanged();
        after.Data.CheckUnchanged();
        return new CompareOutcome(result, new RunInfo
        {
            Version = typeof(Comparison).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Roles = [.. sides.Taken, .. Found(before)],
            Device = new DeviceUsed(backend.Name, backend.Description, choice.Reason),
            Threads = threads,
            Seed = shared.Seed,
            Options = GivenOptions.Of(options, new CompareOptions { Before = new ScanOptions { Inputs = [] } }),
            Inputs = [.. Files(sides.IsOneTable ? "data" : "before", before.Data), .. sides.IsOneTable ? [] : Files("after", after.Data)],
            Skipped = [.. before.Data.Skipped.Concat(sides.IsOneTable ? [] : after.Data.Skipped).Select(s => new SkippedFile(s.Path, s.Reason))],
            Timings = clock.Timings,
        }, shown);

        void Cluster() => clusters = CompareClusters.Of(before, options, threads, clock, cancel);
    }

    private static IEnumerable<Field> Classes(Roles roles) => new[] { roles.Label, roles.Pred }.OfType<Field>().Where(f => f != Roles.NoLabel);

    private static IEnumerable<InputFile> Files(string set, Dataset data) => data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = set });

    private static IEnumerable<RoleTaken> Found(CompareSide side) => side.Roles.Segments.Zip(side.Rows.Columns.Segments)
        .Where(s => s.First.Found && !s.First.Hidden && !s.Second.Overflowed)
        .Select(s => new RoleTaken("segment", s.First.Name, "cardinality"));

    private static void CheckOrder(PairState state, JoinResult join, CompareSide before)
    {
        if (join.By == "order" && state.LabelDisagrees > 0)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"the tables have no ids in common, and their labels differ in {state.LabelDisagrees} of {join.Matched} rows, first in row {state.FirstDisagreement} (counted from 0): they are not of the same rows in the same order"),
                before.Data.Files[0].Path,
                null,
                "Give both tables a column of ids (--id), or write both in the same order with the same labels.");
        }
    }
}
