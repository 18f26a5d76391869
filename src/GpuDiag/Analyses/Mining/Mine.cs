using System.Reflection;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>
/// Chooses the unlabelled rows that are most worth a label (docs/mine.md). <see cref="Open"/> reads everything,
/// <see cref="Run"/> chooses. The result depends on the data, the options and the seed alone.
/// </summary>
public sealed class Mine : IDisposable
{
    private readonly MineOptions options;
    private readonly StageClock clock;
    private readonly IProgress<ScanProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly List<IDisposable> opened = [];
    private readonly int threads;
    private readonly Quarantine quarantine = new();
    private Backend backend = null!;
    private string reason = "";
    private VectorInput pool = null!;
    private PoolColumns columns = null!;
    private VectorInput? train;
    private Dataset? caseData;
    private CaseSource? cases;
    private RoleTaken[] caseRoles = [];
    private MineParts? parts;

    private Mine(MineOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        (this.options, this.progress, this.cancel) = (options, progress, cancel);
        clock = new StageClock(progress, cancel);
        threads = options.Threads ?? Environment.ProcessorCount;
    }

    /// <summary>Opens and reads pool, cases and training set.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="DeviceException">The device asked for is absent, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Mine Open(MineOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Opened(new Mine(options, progress, cancel));
    }

    /// <summary>Opens and reads them, to choose by what parts found.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    internal static Mine Merge(MineOptions options, MineParts parts, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        Mine mine = new(options, progress, cancel) { parts = parts };
        mine.quarantine.Takes(new UnreadableFilesException(parts.LeftOut));
        return Opened(mine);
    }

    /// <summary>Chooses.</summary>
    /// <exception cref="InputException">The data does not fit together.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public MineResult Run() => Again(Choose);

    /// <summary>Searches for one part of the pool.</summary>
    /// <returns>What was found, as a section of a state, and of which data.</returns>
    internal (byte[] Found, SortedDictionary<string, string> Data) Part(ShardSlice slice) => Again(() =>
    {
        VectorMetric metric = options.Metric ?? EmbeddedRows.DefaultMetric(pool.Vectors.Width);
        using Anchors? anchors = options.Strategy == MineStrategy.KCenter ? null : clock.Time("cases", () => ReadAnchors(metric, grouped: false));
        MineContext context = Context(metric, null, anchors);
        (long start, long end) = slice.Rows(pool.Vectors.Rows);
        VectorBlock to = anchors?.Block ?? train!.Vectors.Block;
        return (ListSection.Save(context.PoolNearest(context.Pool.Slice(start, end - start), to, "searching"), end - start, 1, null, "Make more parts."), SearchedData());
    });

    private static Mine Opened(Mine mine)
    {
        try
        {
            mine.Reopen();
            return mine;
        }
        catch
        {
            mine.Dispose();
            throw;
        }
    }

    private T Again<T>(Func<T> work)
    {
        while (true)
        {
            try
            {
                T result = work();
                pool.CheckUnchanged();
                train?.CheckUnchanged();
                return result;
            }
            catch (Exception fault) when (options.SkipUnreadable && quarantine.Takes(fault))
            {
                Dispose();
                Reopen();
            }
        }
    }

    /// <summary>The data that the pool is searched in, and for.</summary>
    private SortedDictionary<string, string> SearchedData() =>
        StateAbout.DataOf(("pool", pool.Data), options.Strategy == MineStrategy.KCenter ? ("train", train!.Data) : ("cases", caseData!));

    private MineResult Choose()
    {
        VectorMetric metric = options.Metric ?? EmbeddedRows.DefaultMetric(pool.Vectors.Width);
        PoolScores? scores = columns.Probs.Count == 0 ? null : clock.Time("scores", () => PoolScores.Read(
            pool.Data.Rows, columns.Probs, NewPipeline(pool.Data), backend, done => Tell("reading probabilities", done, pool.Data.Rows)));
        using Anchors? anchors = cases is null ? null : clock.Time("cases", () => ReadAnchors(metric, grouped: true));
        parts?.Check(SearchedData(), options);
        MineContext context = Context(metric, scores, anchors);
        Choice choice = clock.Time("choose", () => options.Strategy == MineStrategy.KCenter ? CenterRun.Choose(context) : RankedRun.Choose(context));
        return clock.Time("rows", () => Describe(context, choice));
    }

    private MineContext Context(VectorMetric metric, PoolScores? scores, Anchors? anchors) => new()
    {
        Options = options,
        Backend = backend,
        Pool = pool.Vectors.Block,
        Train = train?.Vectors.Block,
        Metric = metric,
        Scores = scores,
        Anchors = anchors,
        Parts = parts,
        Threads = threads,
        Memory = options.Memory / 4,
        Tell = Tell,
        Cancel = cancel,
    };

    /// <summary>How it was done so far.</summary>
    public RunInfo Info() => new()
    {
        Version = typeof(Mine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Roles =
        [
            .. pool.Taken.Concat(columns.Taken).Select(r => r with { Role = $"pool {r.Role}" }),
            .. caseRoles.Select(r => r with { Role = $"cases {r.Role}" }),
            .. (train?.Taken ?? []).Select(r => r with { Role = $"train {r.Role}" }),
        ],
        Device = new DeviceUsed(backend.Name, backend.Description, reason),
        Threads = threads,
        Seed = options.Seed,
        // The cases are told by the inputs.
        Options = GivenOptions.Of(options with { Cases = null }, new MineOptions { Pool = [], Budget = 0 }),
        Inputs =
        [
            .. pool.Files.Select(f => f with { Set = "pool" }),
            .. (caseData?.Files ?? []).Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = "cases" }),
            .. (train?.Files ?? []).Select(f => f with { Set = "train" }),
        ],
        Skipped = [.. pool.Skipped, .. train?.Skipped ?? [], .. (caseData?.Skipped ?? []).Select(s => new SkippedFile(s.Path, s.Reason))],
        Vectors = [.. new[] { ("pool", pool), ("train", train) }.Where(v => v.Item2 is not null).Select(v =>
            new VectorsUsed(v.Item1, v.Item2!.Column, v.Item2.Vectors.Rows, v.Item2.Vectors.Width, v.Item2.Vectors.Residence, v.Item2.Vectors.Bytes))],
        Timings = clock.Timings,
    };

    public void Dispose()
    {
        foreach (IDisposable part in opened)
        {
            part.Dispose();
        }

        opened.Clear();
        (train, caseData) = (null, null);
    }

    /// <summary>Opens everything, without the files that turned out to be unreadable.</summary>
    private void Reopen()
    {
        while (true)
        {
            try
            {
                OpenAll();
                return;
            }
            catch (Exception fault) when (options.SkipUnreadable && quarantine.Takes(fault))
            {
                Dispose();
            }
        }
    }

    private void OpenAll()
    {
        pool = clock.Time("open", () => Keep(VectorInput.Open(options.Pool, options.Embedding, options.Id, options.SkipUnreadable, Left)));
        columns = PoolColumns.Find(pool.Data.Fields, options.Probs, pool.File, pool.Column);
        if (options.Budget > pool.Data.Rows)
        {
            throw new InputException($"the pool has {pool.Data.Rows} rows, the budget is {options.Budget}", pool.File, null, $"Ask for fewer rows with --budget, at most {pool.Data.Rows}, or give a larger pool.");
        }

        if (columns.Probs.Count == 0 && options.Strategy is MineStrategy.LeastConfidence or MineStrategy.Margin or MineStrategy.Entropy)
        {
            throw new InputException("the pool has no probabilities, which this strategy ranks by", pool.File, null, "Name their column with --probs, have gpudiag score write them, or choose another --strategy.");
        }

        string? column = options.Embedding is { } e && !VectorInput.IsNpy(e) ? e : null;
        if (options.Train.Count > 0)
        {
            train = clock.Time("open train", () => Keep(VectorInput.Open(options.Train, options.TrainEmbedding ?? column, null, options.SkipUnreadable, Left)));
        }

        cases = options.Cases;
        BackendChoice choice = clock.Time("device", () => BackendCatalog.Open(options.Device));
        (backend, reason) = (Keep(choice.Backend), choice.Reason);
        VectorRoom room = new(options.Memory / 2 ?? VectorRoom.DefaultBytes, options.Scratch ?? Path.GetTempPath());
        foreach (VectorInput input in train is null ? [pool] : new[] { pool, train })
        {
            clock.Time(input == pool ? "read" : "read train", () =>
            {
                input.Read(threads, options.Memory / 4, room, (done, all) => Tell("reading", done, all), cancel, ids: false);
                return true;
            });
            Fits(input.Vectors.Width, input.File, input.Column, "--train-embedding");
        }
    }

    private Anchors ReadAnchors(VectorMetric metric, bool grouped)
    {
        string? column = options.CasesEmbedding ?? cases!.Embedding ?? (options.Embedding is { } e && !VectorInput.IsNpy(e) ? e : null);

        // The rows of a scan's errors count in all of its files.
        bool skips = options.SkipUnreadable && cases!.Failures is null;
        caseData = Keep(Dataset.Open(cases!.Inputs, skips, skips ? quarantine : null));
        string file = caseData.Files[0].Path;
        if (column is not null && VectorInput.IsNpy(column))
        {
            caseData.Attach(column, Path.GetFileName(column));
            column = Path.GetFileName(column);
        }

        VectorRoles roles = new(caseData.Fields, file);
        Field embedding = roles.Embedding(column);
        Field? id = roles.Id(cases.Failures is null ? options.Id : "none");
        caseRoles = [.. roles.Taken];
        Pipeline pipeline = NewPipeline(caseData);
        cases = cases.Failures is null ? CaseReader.Read(cases, caseData, id, pipeline) : cases;
        IReadOnlyList<FailureCase> failures = cases.Failures!;
        if (failures.Count == 0)
        {
            throw new InputException("there is no failure to find more of", cases.Name, null, "Give a scan or a table in which the model fails, or choose a --strategy that needs no failures, such as margin.");
        }

        if (failures[^1].Row >= caseData.Rows)
        {
            throw new InputException($"the scan names row {failures[^1].Row}, but its data has {caseData.Rows} rows now", file, null, "Scan the data again.");
        }

        GatheredVectors vectors = GatheredVectors.Read(embedding.Name, [.. failures.Select(f => f.Row)], pipeline);
        if (vectors.Width == 0)
        {
            vectors.Dispose();
            throw new InputException("the vector of every failure is null", file, embedding.Name, "Name another column with --cases-embedding.");
        }

        int width = vectors.Width;
        try
        {
            Fits(width, file, embedding.Name, "--cases-embedding");
        }
        catch
        {
            vectors.Dispose();
            throw;
        }

        return Anchors.Of(cases, vectors, backend, options, metric, grouped, cancel);
    }

    private MineResult Describe(MineContext context, Choice choice)
    {
        IReadOnlyDictionary<long, string> ids = SomeTexts.Read(pool.Id, choice.Rows.Select(r => r.Candidate.Row), NewPipeline(pool.Data));
        IReadOnlyDictionary<long, string> preds = SomeTexts.Read(columns.Pred, choice.Rows.Select(r => r.Candidate.Row), NewPipeline(pool.Data));
        IReadOnlyDictionary<long, string> trainIds = train is null
            ? new Dictionary<long, string>()
            : SomeTexts.Read(train.Id, choice.Rows.Where(r => r.TrainRow >= 0).Select(r => r.TrainRow), NewPipeline(train.Data));
        MinedText text = new(context, choice, ids, preds, trainIds);
        IReadOnlyList<MinedRow> rows = text.Rows();
        if (pool.Id is { } id && rows.GroupBy(r => r.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InputException($"the id '{twice.Key}' is that of several rows, {twice.First().Row} and {twice.Last().Row}", pool.File, id.Name, "Give every row an id of its own, name another column with --id, or say --id none to have row numbers.");
        }

        if (options.Contents)
        {
            IReadOnlyDictionary<long, RowContent> contents = options.Address is null ? RowContents.Read(pool.Data, options, [.. rows.Select(r => r.Row)], NewPipeline(pool.Data)) : new Dictionary<long, RowContent>();
            rows = [.. rows.Select(r => r with
            {
                Content = options.Address is { } address
                    ? new RowContent(null, address.Replace("{id}", Uri.EscapeDataString(r.Id), StringComparison.Ordinal), null)
                    : contents.GetValueOrDefault(r.Row),
            })];
        }

        return new MineResult
        {
            Strategy = options.Strategy,
            Budget = options.Budget,
            Pool = new KnnSide(pool.Vectors.Rows, pool.Vectors.NullRows, choice.Excluded - pool.Vectors.NullRows),
            WithoutProbabilities = context.Scores?.Invalid,
            Width = pool.Vectors.Width,
            Metric = context.Metric,
            Cases = context.Anchors is not { } anchors ? null : new CaseCounts(
                cases!.Name, anchors.Cases.Count, cases.Failures!.Count - anchors.Cases.Count, cases.LeftOut, cases.Errors),
            TrainRows = train?.Vectors.Rows,
            Scale = choice.Scale,
            InTrain = choice.InTrain,
            Repeated = choice.Repeated,
            Groups = text.Groups(),
            Rows = rows,
        };
    }

    private void Fits(int width, string file, string column, string option)
    {
        if (width != pool.Vectors.Width)
        {
            throw new InputException(
                $"has vectors of {width} dimensions, but those of the pool in {pool.File} have {pool.Vectors.Width}", file, column,
                $"Give both embeddings of one model, or name other columns with --embedding and {option}.");
        }
    }

    private Quarantine? Left => options.SkipUnreadable ? quarantine : null;

    private Pipeline NewPipeline(Dataset data) => new(data, threads, options.Memory / 4, cancel);

    private void Tell(string what, long done, long all) => progress?.Report(new ScanProgress(what, done, all));

    private T Keep<T>(T part)
        where T : IDisposable
    {
        opened.Insert(0, part);
        return part;
    }
}
