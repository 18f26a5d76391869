using System.Globalization;
using System.Reflection;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
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
    public static CompareOutcome Run(CompareOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Quarantine.Attempts(options.Before.SkipUnreadable, quarantine => Attempt(options, quarantine, progress, cancel));
    }

    private static CompareOutcome Attempt(CompareOptions options, Quarantine? quarantine, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ScanOptions shared = options.Before;
        int threads = shared.Threads ?? Environment.ProcessorCount;
        StageClock clock = new(progress, cancel);
        using CompareSides sides = clock.Time("open", () => CompareSides.Open(options, quarantine, data => new Pipeline(data, threads, shared.Memory, cancel)));
        (CompareSide before, CompareSide after) = (sides.Before, sides.After);
        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(shared.Device));
        using Backend backend = choice.Backend;
        Domain classes = ClassDomain.For(shared, [.. Classes(before.Roles), .. Classes(after.Roles)]);
        clock.Time("look", () =>
        {
            before.Plan(backend, classes, FoundSegmentValues);
            after.Plan(backend, classes, FoundSegmentValues);
            return true;
        });
        long memory = shared.Memory ?? DefaultMemory;
        using JoinMap map = Join(sides, options, memory, threads, clock);
        Cases? cases = options.Cases is { } source ? clock.Time("read cases", () => Cases.Read(source, before.Roles.Id)) : null;
        CompareClusters? clusters = CompareClusters.Of(before, options, threads, clock, cancel);
        using AfterRows rows = new(
            before.Data.Rows, sides.HasConfidence, sides.HasProbabilities ? after.Rows.ClassCodes.Length : 0, after.IsDouble, memory, options.Scratch);
        AfterPass.Run(after, map, rows, clock);
        PairDomain[] pairs = [
            new(classes, new Domain("")),
            .. before.Rows.Columns.Segments.Select(s => new PairDomain(classes, s)),
            .. clusters is { Count: > 0 } ? [new PairDomain(classes, clusters.Domain)] : (PairDomain[])[],
        ];
        int[] ranked = sides.HasProbabilities ? RankPairs.Asked(before) : [];
        PairState state = PairPass.Run(before, after, rows, pairs, clusters is { Count: > 0 } ? clusters : null, ranked, clock);
        ClassDomain.CheckKnown(classes);
        CheckOrder(state, map.Result, before);
        IReadOnlyList<int> given = before.Rows.ClassCodes is { Length: > 0 } order ? order
            : after.Rows.ClassCodes is { Length: > 0 } other ? other
            : shared.Classes is { } names ? [.. names.Select(classes.Code)] : [];
        RankTable[] ranks = sides.HasProbabilities ? RankPairs.Run(before, after, rows, state.Positives, ranked, clock) : [];
        ILookup<int, ClusterValue>? values = clusters is { Count: > 0 } ? clusters.OverRepresented(before, shared.MinSupport, clock) : null;
        CompareResult result = clock.Time("finish", () => new CompareFinish(state, ranks, pairs, clusters, values, map.Result, given, options, threads).Finish());
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
    }

    private static IEnumerable<Field> Classes(Roles roles) => new[] { roles.Label, roles.Pred }.OfType<Field>().Where(f => f != Roles.NoLabel);

    private static IEnumerable<InputFile> Files(string set, Dataset data) => data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = set });

    private static IEnumerable<RoleTaken> Found(CompareSide side) => side.Roles.Segments.Zip(side.Rows.Columns.Segments)
        .Where(s => s.First.Found && !s.First.Hidden && !s.Second.Overflowed)
        .Select(s => new RoleTaken("segment", s.First.Name, "cardinality"));

    private static JoinMap Join(CompareSides sides, CompareOptions options, long memory, int threads, StageClock clock)
    {
        (CompareSide before, CompareSide after) = (sides.Before, sides.After);
        if (sides.IsOneTable)
        {
            return JoinMap.Identity("columns", before.Data.Rows);
        }

        if (before.Roles.Id is { } id && after.Roles.Id is { } other)
        {
            JoinMap? joined = null;
            clock.Pass("join", "joining", before.Data.Rows, done =>
                joined = new IdJoin(before.Data, id, after.Data, other, threads).Run((before.Reader, after.Reader), memory, options.Scratch, done));
            return joined!.Result.Matched > 0 ? joined : throw NothingMatched(joined, sides, id, other);
        }

        if (options.Before.Id is { } asked)
        {
            throw new InputException($"there is no such column in {(before.Roles.Id is null ? "BEFORE" : "AFTER")} (asked for by --id)", null, asked, "Name a column of ids that both tables have.");
        }

        if (before.Data.Rows != after.Data.Rows)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"BEFORE has {before.Data.Rows} rows and AFTER {after.Data.Rows}, and there is no column of ids in both to match them by"),
                after.Data.Files[0].Path,
                null,
                "Give both tables a column of ids (--id), or the same rows in the same order.");
        }

        return after.HasLabel
            ? JoinMap.Identity("order", before.Data.Rows)
            : throw new InputException(
                "there are no ids in both tables and no labels in AFTER, so it cannot be told that the rows are in the same order",
                after.Data.Files[0].Path,
                null,
                "Give both tables a column of ids (--id), or AFTER its labels (--label).");
    }

    private static InputException NothingMatched(JoinMap map, CompareSides sides, Field id, Field other)
    {
        JoinResult join = map.Result;
        string left = RowIds.Read(sides.Before.Data, id, [0], default)[0], right = RowIds.Read(sides.After.Data, other, [0], default)[0];
        map.Dispose();
        string repeated = join.RepeatedBefore + join.RepeatedAfter > 0 ? $"; {join.RepeatedBefore} rows of BEFORE and {join.RepeatedAfter} of AFTER have ids that occur more than once" : "";
        string missing = join.NullIdBefore + join.NullIdAfter > 0 ? $"; {join.NullIdBefore} rows of BEFORE and {join.NullIdAfter} of AFTER have none" : "";
        return new InputException(
            $"no id of BEFORE ('{id.Name}', first '{left}') is that of one row of AFTER ('{other.Name}', first '{right}'){repeated}{missing}",
            sides.After.Data.Files[0].Path,
            other.Name,
            "Name the column that identifies a row in both tables with --id.");
    }

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
