using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>What the main pass learns: counts, score sums, the scores of positive rows, the rows to show.</summary>
internal sealed class MainStates
{
    public CountState? Counts { get; set; }

    public ScoreState? Scores { get; set; }

    /// <summary>Per segmentation (0 = all rows): the label's score of rows by [segment code × K + class index].</summary>
    public Positives[] Positives { get; set; } = [];

    public TopRows? Rows { get; set; }

    /// <summary>The row to show in any case; null where none was asked for.</summary>
    public TopRow? Shown { get; set; }

    /// <summary>Every row, where an embedding is there to relate rows by; else null.</summary>
    public RowFacts? Facts { get; set; }

    /// <summary>Labels and predictions in the order of the rows, for the checks of the pipeline.</summary>
    public required RowSequence Sequence { get; init; }

    /// <summary>Null without probabilities.</summary>
    public RowSample? Sample { get; set; }

    /// <summary>Null without probabilities.</summary>
    public SelfConfidence? SelfConfidence { get; set; }

    /// <summary>Null without probabilities; not complete where rows were read elsewhere.</summary>
    public NotedErrors? Errors { get; init; }

    /// <summary>Codes of the classes that labels are.</summary>
    public IReadOnlyCollection<int> Labels()
    {
        HashSet<int> labels = [];
        foreach (Cell cell in Counts!.Overall.Cells)
        {
            if (cell.Label != Domain.Null)
            {
                labels.Add(cell.Label);
            }
        }

        return labels;
    }

    /// <summary>Rows whose prediction is not the class of the largest probability.</summary>
    public long NotArgMax { get; set; }

    /// <summary>Rows with a prediction and a valid probability row.</summary>
    public long Compared { get; set; }
}

/// <summary>One thread of the main pass.</summary>
internal sealed class MainPass : IBatchWorker
{
    private readonly MainStates shared;
    private readonly RowColumns columns;
    private readonly IFold<CountBatch, CountState> count;
    private readonly Positives[] positives;
    private readonly TopRows rows;
    private readonly RowSample? sample;
    private readonly SelfConfidence? selfConfidence;
    private readonly NotedErrors? errors;
    private readonly int[] classCodes;
    private readonly ScanPlan plan;
    private int[] classIndex;
    private long notArgMax;
    private long compared;

    public MainPass(ScanPlan plan, ScanPass pass, int capacity, long totalRows, MainStates shared)
    {
        this.plan = plan;
        this.shared = shared;
        columns = new RowColumns(plan, pass, capacity);
        count = plan.Backend.Count(plan.Count);
        rows = new TopRows(plan.MaxRows);
        positives = plan.NewPositives();
        sample = plan.Score is null ? null : new RowSample(plan, totalRows);
        selfConfidence = plan.Score is null ? null : new SelfConfidence(plan.ClassCodes.Length);
        errors = shared.Errors?.Part();
        classCodes = plan.ClassCodes;
        classIndex = plan.ClassIndex();
    }

    /// <summary>Reads every row once.</summary>
    public static MainStates Run(ScanPlan plan, Pipeline pipeline, Rounds rounds, long rows, StageClock clock)
    {
        bool embedded = plan.Columns.Roles.Embedding is not null;
        MainStates states = new()
        {
            Sequence = new RowSequence(rows),
            Facts = embedded ? new RowFacts(rows, plan.Columns.Classes, plan.Columns.Splits) : null,
            Errors = plan.Score is null ? null : new NotedErrors(plan.NotedErrors),
        };
        ScanPass pass = new(
            plan.Columns, Needs.Prediction | Needs.Confidence | Needs.Probabilities | Needs.Segments | (embedded ? Needs.Split : Needs.None));
        int rowBytes = pass.RowBytes(plan.ClassCodes.Length);
        rounds.Pass(
            new RoundPass("read"),
            pipeline,
            some => clock.Pass("read", "reading", rows, done =>
                some.Run(pass.Requests, () => new MainPass(plan, pass, some.BatchRows(rowBytes), rows, states), rowBytes, done)),
            writer => MainStateFile.Save(writer, states, plan, rounds.Rows),
            reader =>
            {
                states.Errors?.Drop();
                MainStateFile.Load(reader, states, plan, rows);
            });
        return states;
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        count.Accept(new CountBatch(batch.Rows, columns.Label, columns.Prediction, columns.Segments, columns.Confidence));
        if (columns.Scores is { } scores)
        {
            Collect(batch.Rows, scores.LabelProbability);
            sample?.Accept(batch, columns.Probabilities!, columns.Label, columns.Segments);
            if (columns.IsComparable)
            {
                Compare(scores.ArgMax[..batch.Rows], columns.Prediction);
            }
        }

        shared.Sequence.Accept(batch.FirstRow, batch.Rows, columns.Label, columns.Prediction);
        shared.Facts?.Accept(batch.FirstRow, batch.Rows, columns.Label, columns.Prediction, columns.Split, columns.Confidence, columns.Scores, columns.Quality);
        if (plan.ShownRow is long row && row >= batch.FirstRow && row < batch.FirstRow + batch.Rows)
        {
            shared.Shown = columns.Row(row, (int)(row - batch.FirstRow));
        }

        ErrorRows.Select(rows, batch.FirstRow, batch.Rows, columns.Label, columns.Prediction, columns.Confidence, columns.Scores, columns.Quality);
        errors?.Accept(batch.FirstRow, batch.Rows, columns);
    }

    public void Finish()
    {
        CountState counted = count.Take();
        ScoreState? scored = columns.TakeState();
        lock (shared)
        {
            shared.Errors?.Merge(errors!);
            shared.NotArgMax += notArgMax;
            shared.Compared += compared;
            if (shared.Counts is null)
            {
                (shared.Counts, shared.Scores, shared.Positives, shared.Rows, shared.Sample) = (counted, scored, positives, rows, sample);
                shared.SelfConfidence = selfConfidence;
                return;
            }

            shared.Counts.Merge(counted);
            counted.Dispose();
            shared.Rows!.Merge(rows);
            if (scored is not null)
            {
                shared.Scores!.Merge(scored);
                shared.Sample!.Merge(sample!);
                shared.SelfConfidence!.Merge(selfConfidence!);
            }

            for (int i = 0; i < positives.Length; i++)
            {
                shared.Positives[i].Merge(positives[i]);
            }
        }
    }

    public void Dispose()
    {
        columns.Dispose();
        count.Dispose();
    }

    /// <summary>Keeps the score that each row gives its own class.</summary>
    private void Collect(int n, ReadOnlySpan<double> labelScores)
    {
        if (columns.Label.Limit > classIndex.Length)
        {
            classIndex = plan.ClassIndex();
        }

        for (int i = 0; i < n; i++)
        {
            int k = double.IsNaN(labelScores[i]) ? -1 : classIndex[columns.Label[i]];
            if (k >= 0)
            {
                selfConfidence!.Add(k, labelScores[i]);
            }

            for (int t = 0; t < positives.Length && k >= 0; t++)
            {
                positives[t].Add(t == 0 ? 0 : columns.Segments[t - 1][i], k, labelScores[i]);
            }
        }
    }

    private void Compare(ReadOnlySpan<int> argMax, CodeColumn prediction)
    {
        for (int i = 0; i < argMax.Length; i++)
        {
            int code = prediction[i];
            if (argMax[i] >= 0 && code != Domain.Null)
            {
                compared++;
                notArgMax += classCodes[argMax[i]] == code ? 0 : 1;
            }
        }
    }
}
