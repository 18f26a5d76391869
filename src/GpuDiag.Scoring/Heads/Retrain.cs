using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Scoring.Heads;

/// <summary>
/// A new linear head on embeddings (docs/retrain.md): <see cref="Fit"/> learns it, then the files can be written. What is
/// computed depends on the data, the options and the seed alone.
/// </summary>
public sealed class Retrain : IDisposable
{
    private readonly RetrainOptions options;
    private readonly IProgress<ScanProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly StageClock clock;
    private readonly int threads;
    private readonly VectorRoom room;
    private readonly List<IDisposable> opened = [];
    private readonly List<Dataset> datasets = [];
    private readonly VectorInput train;
    private readonly VectorInput? test;
    private TrainingTable table = null!;
    private float[] outOfFold = [];
    private float[] predictions = [];

    private Retrain(RetrainOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        (this.options, this.progress, this.cancel) = (options, progress, cancel);
        clock = new StageClock(progress, cancel);
        threads = options.Threads ?? Environment.ProcessorCount;
        room = new VectorRoom(options.Memory / 2 ?? VectorRoom.DefaultBytes, Path.GetTempPath());
        try
        {
            train = clock.Time("read", () => Vectors(options.Train));
            test = options.Test.Count == 0 ? null : clock.Time("read test", () => Vectors(options.Test));
            if (test is not null && test.Vectors.Width != train.Vectors.Width)
                throw new InputException($"has vectors of {test.Vectors.Width} dimensions, but the training set in {train.File} has {train.Vectors.Width}", test.File, test.Column, "Give both embeddings of one model, or name another column with --embedding.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens training and test data.</summary>
    /// <exception cref="InputException">Options or data are wrong.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Retrain Open(RetrainOptions options, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Retrain(options, progress, cancel);
    }

    /// <summary>There is test data, so <see cref="WriteTest"/> has something to write.</summary>
    public bool HasTest => test is not null;

    /// <summary>Reads the labels, fits the head, predicts.</summary>
    /// <exception cref="InputException">Labels and data do not fit together.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public RetrainResult Fit()
    {
        var earlier = options.Warm is null ? null : EarlierHead.Read(options.Warm);
        if (earlier is { C: null } && options is { C: null, Search: false })
            throw new InputException("does not say at which C it was fitted", options.Warm!, null, "Give --c a number, or --c auto to have it chosen.");
        var (labels, source) = clock.Time("labels", ReadLabels);
        table = clock.Time("rows", () => TrainingTable.Make(train, labels, source, options, threads, cancel));
        opened.Add(table);
        double[] weights = options.Balanced ? HeadFit.Balanced(table.Labels, table.Classes.Count) : [.. table.Labels.Select(_ => 1.0)];
        HeadFit fit = new(weights)
        {
            Rows = table.Block,
            Labels = table.Labels,
            Classes = table.Classes,
            Folds = options.Folds,
            Seed = options.Seed,
            Threads = threads,
            Cancel = cancel,
            Tell = (done, all) => progress?.Report(new ScanProgress("fitting", (long)done * table.Labels.Length / all, table.Labels.Length)),
        };
        if (table.Labels.Length < options.Folds)
            throw new InputException($"{table.Labels.Length} rows cannot be cut into {options.Folds} folds", train.File, null, "Give more rows, or fewer --folds.");
        using CrossValidation folds = new(fit, fit.FoldOf());
        (double[] Weights, int Known)? start = earlier?.Start(table.Block.Width, table.Classes);
        double? strength = options.C ?? (options.Search ? null : earlier?.C);
        var (best, tried) = strength is double given ? (given, []) : clock.Time("search", folds.Search);
        var (head, steps, converged) = clock.Time("fit", () => fit.Fit(best, folds.Near ?? start?.Weights));
        outOfFold = clock.Time("out of fold", () => folds.OutOfFold(best, head));
        var tested = test is null ? null : clock.Time("test", () => Predict(head, test));
        long right = Enumerable.Range(0, table.Labels.Length).LongCount(i => BestOf(i) == table.Labels[i]);
        return new RetrainResult
        {
            Head = head,
            TrainRows = table.FirstNew,
            NewRows = table.Labels.Length - table.FirstNew,
            Relabelled = table.Relabelled,
            Unlabelled = labels.Unlabelled,
            Unknown = table.Unknown,
            Excluded = table.Excluded,
            NewClasses = table.NewClasses,
            ClassRows = [.. Enumerable.Range(0, table.Classes.Count).Select(k => table.Labels.LongCount(l => l == k))],
            C = best,
            Tried = tried,
            WarmClasses = start?.Known,
            Folds = options.Folds,
            Balanced = options.Balanced,
            Steps = steps,
            Passes = fit.Passes,
            Converged = converged,
            OutOfFold = Intervals.Proportion(right, table.Labels.Length),
            Test = tested,
            Roles = [.. train.Taken.Select(r => r with { Role = $"train {r.Role}" }), .. (test?.Taken ?? []).Select(r => r with { Role = $"test {r.Role}" })],
            Files = [.. train.Files.Select(f => f with { Set = "train" }), .. (test?.Files ?? []).Select(f => f with { Set = "test" }), .. datasets.SelectMany(d => d.Files).Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = "labels" })],
            Skipped = [.. train.Skipped, .. test?.Skipped ?? [], .. datasets.SelectMany(d => d.Skipped).Select(s => new SkippedFile(s.Path, s.Reason))],
            Timings = clock.Timings,
            Threads = threads,
        };
    }

    /// <summary>Writes the out-of-fold predictions of all rows that were learnt from.</summary>
    public void WriteTrain(Stream stream) => HeadTables.WriteTrain(stream, table, outOfFold, cancel);

    /// <summary>Writes the test data with the head's predictions.</summary>
    public void WriteTest(Stream stream) => HeadTables.WriteTest(stream, test!.Data, table.Classes, predictions, cancel);

    public void Dispose()
    {
        foreach (var part in Enumerable.Reverse(opened))
            part.Dispose();
        opened.Clear();
    }

    private VectorInput Vectors(IReadOnlyList<string> files)
    {
        var input = VectorInput.Open(files, options.Embedding, options.Id, options.Skip);
        opened.Add(input);
        input.Read(threads, options.Memory / 4, room, (done, all) => progress?.Report(new ScanProgress("reading", done, all)), cancel, ids: false);
        return input;
    }

    /// <summary>The labels, and the data that holds the vectors of their rows: the pool, else the labels' own.</summary>
    private (LabelSet Labels, Dataset? Source) ReadLabels()
    {
        if (options.Labels.Count == 0)
            return (LabelSet.None, null);
        var labels = LabelSet.Read(options.Labels, options, cancel);
        string[] tables = [.. options.Labels.Where(l => !LabelSet.IsCsv(l))];
        if (options.Pool.Count > 0)
            return (labels, Keep(Dataset.Open(options.Pool, options.Skip)));
        var own = tables.Length > 0 ? Keep(Dataset.Open(tables, options.Skip)) : null;
        return (labels, own is not null && own.Fields.Any(f => RoleTypes.Lists.Contains(f.Type)) ? own : null);
    }

    private Dataset Keep(Dataset data)
    {
        opened.Add(data);
        datasets.Add(data);
        return data;
    }

    private int BestOf(int row)
    {
        int classes = table.Classes.Count, best = 0;
        for (int k = 1; k < classes; k++)
            best = outOfFold[(row * classes) + k] > outOfFold[(row * classes) + best] ? k : best;
        return best;
    }

    private TestResult Predict(LinearHead head, VectorInput input)
    {
        int classes = table.Classes.Count;
        predictions = new float[checked((int)input.Vectors.Rows * classes)];
        head.Predict(input.Vectors.Block, threads, (row, p) =>
        {
            for (int k = 0; k < classes; k++)
                predictions[((int)row * classes) + k] = (float)p[k];
        });
        Pipeline pipeline = new(input.Data, threads, options.Memory / 4, cancel);
        string?[] labels = AllTexts.Read(input.Data, HeadColumns.Label(input.Data, input.Data.Fields.Any(f => f.Name == options.Label) ? options.Label : null), pipeline);
        string?[] before = AllTexts.Read(input.Data, HeadColumns.Pred(input.Data), pipeline);
        HashSet<long> cases = [.. options.Cases ?? []];
        long evaluated = 0, right = 0, were = 0, known = 0, mended = 0, broken = 0, asked = 0, solved = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            var p = predictions.AsSpan(row * classes, classes);
            if (labels[row] is not { } label || float.IsNaN(p[0]))
                continue;
            bool now = table.Classes[HeadTables.Best(p)] == label, was = before[row] == label;
            evaluated++;
            right += now ? 1 : 0;
            if (before[row] is not null)
            {
                known++;
                were += was ? 1 : 0;
                mended += now && !was ? 1 : 0;
                broken += was && !now ? 1 : 0;
            }
            if (cases.Contains(row))
            {
                asked++;
                solved += now ? 1 : 0;
            }
        }
        string[] unseen = [.. labels.Where(l => l is not null && !table.Classes.Contains(l)).Distinct().Order(StringComparer.Ordinal)!];
        return new TestResult(
            labels.Length, evaluated, Intervals.Proportion(right, evaluated), known == evaluated && known > 0 ? Intervals.Proportion(were, known) : null,
            mended, broken, options.Cases is null ? null : asked, solved, unseen);
    }
}
