using GpuDiag.Analyses.Labels;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// What a batch says of each row: label, prediction, confidence and, with probabilities, their scores; each taken from
/// the data or derived. One instance per thread; its columns are valid until the next batch.
/// </summary>
internal sealed class RowColumns : IDisposable
{
    private readonly ScanPlan plan;
    private readonly ScanStages stages;
    private readonly CodeColumn[] segments;
    private readonly IFold<ScoreBatch, ScoreState>? fold;
    private readonly NumberColumn? derivedConfidence;
    private readonly CodeColumn? derivedPrediction;
    private readonly int[] codes = [];
    private readonly double[] quality = [];
    private int[] classIndex = [];

    public RowColumns(ScanPlan plan, ScanPass pass, int capacity)
    {
        this.plan = plan;
        stages = pass.Stages(capacity);
        segments = new CodeColumn[stages.Segments.Count];
        if (plan.Score is { } score && stages.Probabilities is not null)
        {
            fold = plan.Backend.ScoreRows(stages.Segments.Count == 0 ? score with { Segments = [] } : score);
            Scores = new RowScores(capacity);
            quality = new double[capacity];
            derivedConfidence = stages.Confidence < 0 ? new NumberColumn(capacity) : null;
            if (stages.Prediction is null)
            {
                derivedPrediction = new CodeColumn(plan.Columns.Classes, capacity);
                codes = new int[capacity];
            }
        }
    }

    public CodeColumn Label { get; private set; } = null!;

    public CodeColumn Prediction { get; private set; } = null!;

    /// <summary>Null without a split, or where the pass does not read it.</summary>
    public CodeColumn? Split { get; private set; }

    public IReadOnlyList<CodeColumn> Segments => segments;

    /// <summary>Null when the data has neither confidence nor probabilities.</summary>
    public NumberColumn? Confidence { get; private set; }

    /// <summary>Null without probabilities.</summary>
    public RowScores? Scores { get; }

    /// <summary>Null without probabilities.</summary>
    public MatrixColumn? Probabilities { get; private set; }

    /// <summary>Quality of each label, NaN where it is not judged; empty without probabilities.</summary>
    public ReadOnlySpan<double> Quality => quality;

    /// <summary>The prediction comes from the data although there are probabilities, so the two may disagree.</summary>
    public bool IsComparable => fold is not null && derivedPrediction is null;

    public void Take(Batch batch)
    {
        Label = stages.Label.Take(batch);
        Split = stages.Split?.Take(batch);
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = stages.Segments[i].Take(batch);
        }

        if (fold is not null)
        {
            Probabilities = stages.Probabilities!.Take(batch, plan.ClassCodes.Length);
            plan.CheckWidth(Probabilities, batch);
            fold.Accept(new ScoreBatch(batch.Rows, Probabilities, Label, segments, Scores!));
            Judge(batch.Rows);
        }

        Prediction = stages.Prediction?.Take(batch) ?? ArgMax(batch.Rows);
        Confidence = stages.Confidence >= 0 ? (NumberColumn)batch.Columns[stages.Confidence] : Largest(batch.Rows);
    }

    /// <summary>A row of the batch in the form of the rows table, with a key before all others.</summary>
    /// <param name="row">Its number in the dataset.</param>
    /// <param name="at">Its place in the batch.</param>
    public TopRow Row(long row, int at) => new(
        row,
        double.PositiveInfinity,
        Label[at],
        Prediction[at],
        Confidence is { } confidence ? confidence[at] : double.NaN,
        Scores is { } scores ? scores.Loss[at] : double.NaN,
        Scores is null ? double.NaN : Quality[at]);

    /// <summary>The score sums of all batches taken; null without probabilities.</summary>
    public ScoreState? TakeState() => fold?.Take();

    public void Dispose()
    {
        stages.Dispose();
        fold?.Dispose();
        Scores?.Dispose();
        derivedConfidence?.Dispose();
        derivedPrediction?.Dispose();
    }

    private void Judge(int rows)
    {
        if (Label.Limit > classIndex.Length)
        {
            classIndex = plan.ClassIndex();
        }

        for (int i = 0; i < rows; i++)
        {
            quality[i] = LabelQuality.Of(plan.LabelScore, Scores!, i, classIndex[Label[i]], plan.ClassCodes.Length);
        }
    }

    private CodeColumn ArgMax(int rows)
    {
        ReadOnlySpan<int> argMax = Scores!.ArgMax[..rows];
        for (int i = 0; i < rows; i++)
        {
            codes[i] = argMax[i] < 0 ? Domain.Null : plan.ClassCodes[argMax[i]];
        }

        CodeNarrowing.Fill(derivedPrediction!, codes.AsSpan(0, rows));
        return derivedPrediction!;
    }

    private NumberColumn? Largest(int rows)
    {
        if (derivedConfidence is not null)
        {
            derivedConfidence.SetPrecision(true);
            Scores!.Confidence[..rows].CopyTo(derivedConfidence.Doubles);
        }

        return derivedConfidence;
    }
}
