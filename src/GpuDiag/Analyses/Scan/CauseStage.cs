using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Clusters;
using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Gallery;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>The cause of every error, by the evidence that a finished scan gives (docs/causes.md).</summary>
internal sealed class CauseStage
{
    private readonly CauseTally tally;
    private readonly ScanPlan plan;
    private readonly string learntFrom;
    private readonly Training? training;

    private CauseStage(CauseTally tally, ScanPlan plan, long evaluated, string learntFrom, Training? training, CauseNotes? notes)
    {
        this.tally = tally;
        this.plan = plan;
        this.learntFrom = learntFrom;
        this.training = training;
        Evaluated = evaluated;
        Read = notes is not null;
        Note = notes is null ? row => row : notes.Note;
    }

    /// <summary>Rows with a label and a prediction.</summary>
    public long Evaluated { get; }

    /// <summary>Every row was looked at; else causes come from the counts.</summary>
    public bool Read { get; }

    /// <summary>Adds cause and evidence to a row of the rows table.</summary>
    public Func<RowResult, RowResult> Note { get; }

    /// <param name="plan">The scan's.</param>
    /// <param name="pipeline">Reads the data once more.</param>
    /// <param name="rows">Of the data.</param>
    /// <param name="counts">Of the main pass.</param>
    /// <param name="noted">The errors that it noted; null for none.</param>
    /// <param name="result">The scan's, finished.</param>
    /// <param name="slices">Rows of the slices; null where none were searched.</param>
    /// <param name="issues">Null without probabilities.</param>
    /// <param name="neighborhood">Null without an embedding.</param>
    /// <param name="clustering">Null without an embedding.</param>
    /// <param name="training">Null where it is not known what the model learnt from.</param>
    /// <param name="shown">Rows that the rows table shows; null for all.</param>
    /// <param name="counted">Rows above which the data is not read again where rows carry no evidence of their own.</param>
    /// <param name="worst">Takes the worst errors of each group, where the data is read; null where they are not asked for.</param>
    /// <param name="clock">Times the pass.</param>
    public static CauseStage Run(
        ScanPlan plan,
        Pipeline pipeline,
        long rows,
        CountState counts,
        NotedErrors? noted,
        ScanResult result,
        Slices.Slices? slices,
        LabelIssues? issues,
        Neighborhood? neighborhood,
        Clustering? clustering,
        Training? training,
        long[]? shown,
        long counted,
        ErrorTally? worst,
        StageClock clock)
    {
        string learntFrom = training is null ? "data" : training.Judged is null ? "train" : "split";
        (long evaluated, long correct) = Count(counts.Overall);
        FailingRegions regions = new(result.Segments, result.Slices?.Slices ?? [], plan.Columns.Segments, evaluated, correct, training);
        PipelineVerdict faults = result.Pipeline?.Verdict ?? PipelineVerdict.None;
        CauseEvidence evidence = new(counts.Overall, result.Calibration?.Curve ?? [], regions, slices, training, faults, issues, neighborhood);
        if (rows > counted && !faults.ExplainsAny && plan.Score is null && neighborhood is null && plan.Columns.Segments.Count <= 1)
        {
            return new CauseStage(clock.Time("causes", () => CausePass.FromCounts(plan, counts, evidence)), plan, evaluated, learntFrom, training, null);
        }

        CauseNotes notes = new(rows, shown);
        CauseTally tally = CausePass.Run(plan, pipeline, rows, noted is { IsComplete: true } ? noted : null, evidence, notes, row => clustering?.Nearest[row] ?? -1, slices, worst, clock);
        return new CauseStage(tally, plan, evaluated, learntFrom, training, notes);
    }

    /// <summary>The table of causes.</summary>
    public CauseResult Result(ScanResult scan)
    {
        long[] total = tally.Total();
        long errors = total.Sum();
        return new CauseResult(
            errors,
            learntFrom,
            [.. CauseNames.All.Select(c => new CauseCount(
                CauseNames.Name(c), CauseNames.Meaning(c), total[(int)c], Intervals.Proportion(total[(int)c], errors), tally.Worst(c)))],
            [.. Groups(scan).Where(g => g.Errors > 0)])
        {
            Learnt = training?.Classes.Sum() > 0 ? [.. scan.ClassNames.Select(c => (c, training.OfClass(plan.Columns.Classes.Find(c))))] : null,
        };
    }

    private IEnumerable<CauseGroup> Groups(ScanResult scan)
    {
        foreach (string name in scan.ClassNames)
        {
            yield return Group("class", null, name, tally.OfClass(plan.Columns.Classes.Find(name)));
        }

        Dictionary<string, int> places = [];
        for (int s = 0; s < plan.Columns.Segments.Count; s++)
        {
            places.TryAdd(plan.Columns.Segments[s].Name, s);
        }

        foreach (SegmentResult segment in scan.Segments)
        {
            int s = places[segment.Column];
            if (tally.OfSegment(s, segment.IsNull ? Domain.Null : plan.Columns.Segments[s].Find(segment.Value)) is { } counts)
            {
                yield return Group("segment", segment.Column, segment.IsNull ? null : segment.Value, counts);
            }
        }

        for (int i = 0; i < (scan.Slices?.Slices.Count ?? 0); i++)
        {
            yield return Group("slice", null, scan.Slices!.Slices[i].Text, tally.OfSlice(i));
        }

        foreach (ClusterResult cluster in scan.Clusters ?? [])
        {
            yield return Group("cluster", null, Plain(cluster.Cluster), tally.OfCluster(cluster.Cluster));
        }
    }

    private static string Plain(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static CauseGroup Group(string group, string? column, string? value, long[] counts) => new(group, column, value, counts.Sum(), counts);

    private static (long Evaluated, long Correct) Count(CountTable counts)
    {
        long evaluated = 0, correct = 0;
        foreach (Cell cell in counts.Cells)
        {
            bool both = cell.Label != Domain.Null && cell.Prediction != Domain.Null;
            evaluated += both ? cell.Count : 0;
            correct += both && cell.Label == cell.Prediction ? cell.Count : 0;
        }

        return (evaluated, correct);
    }
}
