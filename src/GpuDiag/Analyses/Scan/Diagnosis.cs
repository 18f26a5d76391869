using GpuDiag.Analyses.Actions;
using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// What the passes over the data found: a look (order of classes, edges of bins), the main pass (counts, score sums,
/// rows to show), and with probabilities one pass that ranks scores and a few that fit temperatures. Each is a fold,
/// so files, chunks, threads and devices change the time only.
/// </summary>
/// <param name="Result">The same on every machine.</param>
/// <param name="Plan">What the rows table needs to read rows again.</param>
/// <param name="Rows">The rows to show.</param>
/// <param name="Lines">Makes lines of the rows table.</param>
/// <param name="Showing">Further rows to show.</param>
/// <param name="Taken">All roles, found segments included.</param>
internal sealed record Diagnosis(
    ScanResult Result,
    ScanPlan Plan,
    TopRows Rows,
    RowLines Lines,
    Showing Showing,
    IReadOnlyList<RoleTaken> Taken)
{
    /// <summary>Distinct values above which a column is no segment unless asked for.</summary>
    private const int FoundSegmentValues = 100;

    public static Diagnosis Make(
        Dataset data, Roles roles, TrainSet? trainSet, Backend backend, ScanOptions options, Rounds rounds, ScanRoom memory, StageClock clock, CancellationToken cancel)
    {
        int threads = memory.Threads;
        Pipeline pipeline = Reader(data);
        Inspection inspection = new(data, options, pipeline);
        Domain classes = ClassDomain.For(options, roles);
        int[] classCodes = [];
        rounds.Value(
            "look",
            () => classCodes = clock.Time("look", () => inspection.Order(roles, classes)),
            writer => RoundValues.Save(writer, classCodes, classes),
            reader => classCodes = RoundValues.LoadClasses(reader, classes));
        Dictionary<string, QuantileBins> bins = [];
        rounds.Value(
            "quantiles",
            () => bins = clock.Time("quantiles", () => inspection.Bins(roles)),
            writer => RoundValues.Save(writer, bins),
            reader => bins = RoundValues.LoadBins(reader));
        ScanColumns columns = new(roles, classes, bins, FoundSegmentValues);
        ScanPlan plan = new(backend, columns, classCodes, options.AllRows && roles.Embedding is null ? 0 : options.MaxRows) { LabelScore = options.LabelScore, ShownRow = options.ShownRow, NotedErrors = (int)Math.Min(options.NotedErrors, (options.Memory ?? long.MaxValue) / NotedErrors.MemoryShare) };
        MainStates main = MainPass.Run(plan, pipeline, rounds, data.Rows, clock);
        ClassDomain.CheckKnown(classes);
        CheckOrder(main, plan);
        ProbabilityLook? look = main.Sample is null ? null : CheckStage.Look(main.Sample, plan);
        (RankState?[] ranks, IReadOnlyList<RankTally?> refined, TemperatureFit? temperatures, ConfidentJointState? joint) =
            new ProbabilityFit(plan, pipeline, rounds, data.Rows, options.MinSupport, threads, clock).Run(main);
        rounds.End();
        CheckFacts checks = CheckStage.Read(data, plan, main, look, pipeline, options, threads, clock);
        LabelStage? labels = joint is null ? null : LabelStage.Run(plan, pipeline, main.Scores!, joint, options, data.Rows, threads, clock);
        SliceStage? slices = SliceStage.Run(data, data.Fields, plan, main.Counts!, options, pipeline, threads, clock, cancel);
        VectorRoom room = new(VectorRoom.DefaultBytes, Path.GetTempPath());
        using EmbeddedRows? embedded = EmbeddingStage.Read(data, roles, main.Facts, options, room, pipeline, threads, clock);
        using TrainStage? train = TrainStage.Read(trainSet, embedded, columns, main.Labels(), room, Reader, threads, clock);
        NeighborStage? neighbors = embedded is null ? null : NeighborStage.Run(
            embedded,
            train?.Rows,
            ContentStage.Read(data, roles, trainSet, Reader, clock),
            backend,
            options,
            threads,
            clock,
            cancel);
        ClusterStage? clusters = embedded is null ? null : ClusterStage.Run(embedded, slices, plan, pipeline, options, threads, clock, cancel);
        ScanResult result = clock.Time("finish", () => ScanFinish.Finish(new FinishInput
        {
            Counts = main.Counts!,
            Scores = main.Scores,
            Rank = ranks[0],
            SegmentRanks = ranks[1..],
            RefinedRanks = refined,
            Temperatures = temperatures,
            LabelIssues = neighbors is null ? labels?.Result : labels?.ContradictedBy(neighbors.Rows.IsContradicted),
            Slices = slices?.Result,
            Clusters = clusters?.Clusters,
            Map = clusters?.Map,
            ClassOrder = classCodes.Length > 0 ? classCodes : options.Classes is { } names ? [.. names.Select(classes.Code)] : [],
            Neighbors = neighbors?.Neighbors,
            Outliers = neighbors?.Outliers,
            Duplicates = neighbors?.Duplicates,
            LeakedCells = neighbors?.Rows.LeakedCells() ?? [],
            Train = train?.Result,
            NanEmbedding = embedded?.NanRows ?? (roles.Embedding is null ? 0 : data.Rows),
            ZeroEmbedding = embedded?.ZeroRows ?? 0,
            Split = Place(roles, s => roles.Split is { } split && s.Name == split.Name),
            Hidden = Place(roles, s => s.Hidden),
            Fit = neighbors is null ? null : FitFacts.Of(
                main.Facts!, neighbors.Rows.IsLeaked, neighbors.Graph, neighbors.TrainGraph, train?.Rows?.Labels ?? [], train is not null),
            TrainShares = trainSet is null ? null : TrainFit.Read(trainSet, classes, classCodes, backend, Reader(trainSet.Data), clock),
            Checks = CheckStage.With(checks, embedded, threads),
            PositiveClass = options.Positive,
            MinSupport = options.MinSupport,
            Seed = options.Seed,
            Threads = threads,
        }));
        IEnumerable<TopRow>[] suspects =
        [
            .. labels is null ? [] : (IEnumerable<IEnumerable<TopRow>>)[labels.Issues.WorstFirst().Select(r => r.ToTopRow(double.PositiveInfinity))],
            .. neighbors is null ? [] : neighbors.Rows.Suspects().Select(s => s.Select(row => main.Facts!.Row(row, double.PositiveInfinity))),
        ];
        TopRows rows = RowSelection.Select(main.Rows!, suspects, plan.MaxRows);
        if (main.Shown is { } shown && rows.Finish().All(r => r.Row != shown.Row))
        {
            rows.Add(shown);
        }

        Training? training = train is null
            ? SplitTraining.Read(plan, main.Counts!, Place(roles, s => roles.Split is { } split && s.Name == split.Name), result, slices?.Rows, pipeline, data.Rows, clock)
            : TrainingPass.Run(train, columns, [.. (result.Slices?.Slices ?? []).Where(SliceFindings.IsSure)], Reader(train.Set.Data), clock);
        GalleryStage? gallery = GalleryStage.Plan(plan, result, labels, neighbors, options.Gallery);
        long[] mapped = clock.Time("map choice", () => MapStage.Choose(clusters, options.Seed, options.MapRows));
        long[]? noted = options.AllRows ? null : Union(rows.WorstFirst(), [.. gallery?.Rows ?? []], mapped);
        CauseStage causes = CauseStage.Run(
            plan, pipeline, data.Rows, main.Counts!, main.Errors, result, slices?.Rows, labels?.Issues, neighbors?.Rows, clusters?.Clustering, training, noted, options.CountedCauses, gallery?.Errors, clock);
        result = result with { Causes = causes.Result(result) };
        result = result with { Actions = ActionPlan.Of(result, causes.Evaluated) };
        Func<RowResult, RowResult>?[] notes = [labels?.Note, neighbors is null ? null : neighbors.Rows.Note, clusters?.Note, causes.Note, slices is null ? null : slices.Note];
        RowLines lines = new(classes, [.. notes.OfType<Func<RowResult, RowResult>>()]);
        Showing showing = Showing.Read(
            (data, columns), trainSet is null ? null : (trainSet, train?.Labels ?? []), gallery, causes, rows, neighbors, mapped, lines, options, threads, clock, cancel);
        result = result with { Gallery = showing.About, Map = result.Map is { } made ? made with { TableRows = mapped.Length } : null };
        return new Diagnosis(result, plan, rows, lines, showing, [.. roles.Taken, .. trainSet?.Roles.Taken ?? [], .. Found(roles, columns.Segments)]);

        Pipeline Reader(Dataset of) => new(of, threads, memory.Batches, cancel);
    }

    /// <summary>Most predictions are not the class of the largest probability: then the order of classes is wrong.</summary>
    private static void CheckOrder(MainStates main, ScanPlan plan)
    {
        if (main.NotArgMax > main.Compared / 2)
        {
            string order = string.Join(", ", plan.ClassCodes.Take(20).Select(plan.Columns.Classes.Text));
            throw new InputException(
                $"in {main.NotArgMax} of {main.Compared} rows the prediction is not the class of the largest probability, taking the classes in the order {order}",
                null,
                plan.Columns.Roles.Probs[0].Name,
                "Give the class names in the order of the probabilities, one per line, with --classes FILE.");
        }
    }

    private static int? Place(Roles roles, Func<SegmentRole, bool> which)
    {
        for (int i = 0; i < roles.Segments.Count; i++)
        {
            if (which(roles.Segments[i]))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Row numbers of any list, each once, ascending.</summary>
    private static long[] Union(params ReadOnlySpan<long[]> lists)
    {
        List<long> all = [];
        foreach (long[] list in lists)
        {
            all.AddRange(list);
        }

        all.Sort();
        int kept = 0;
        for (int i = 0; i < all.Count; i++)
        {
            if (kept == 0 || all[i] != all[kept - 1])
            {
                all[kept++] = all[i];
            }
        }

        return all[..kept].ToArray();
    }

    private static IEnumerable<RoleTaken> Found(Roles roles, IReadOnlyList<Domain> domains) =>
        roles.Segments.Zip(domains).Where(s => s.First.Found && !s.First.Hidden && !s.Second.Overflowed).Select(s => new RoleTaken("segment", s.First.Name, "cardinality"));
}
