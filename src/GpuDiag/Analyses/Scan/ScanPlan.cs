using GpuDiag.Analyses.Labels;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>All that the passes of one scan share.</summary>
internal sealed class ScanPlan
{
    /// <summary>Distinct scores of positive rows kept over all classes of one segmentation: some 64 MB of counters per thread at most.</summary>
    public const int RankCapacity = 1 << 21;

    /// <summary>Segments × classes above which a segmentation gets no ROC AUC and no average precision of its own.</summary>
    private const int RankGroups = 1 << 12;

    /// <param name="backend">Computes; not the plan's to dispose.</param>
    /// <param name="columns">Roles and domains.</param>
    /// <param name="classCodes">Class code of each probability column; empty without probabilities.</param>
    /// <param name="maxRows">Rows to keep for the rows table.</param>
    public ScanPlan(Backend backend, ScanColumns columns, int[] classCodes, int maxRows)
    {
        Backend = backend;
        Columns = columns;
        ClassCodes = classCodes;
        MaxRows = maxRows;
        Count = new CountPlan(columns.Classes, columns.Segments, columns.Roles.Confidence is not null || classCodes.Length > 0);
        Score = classCodes.Length == 0 ? null : new ScorePlan(columns.Classes, classCodes, columns.Segments);
    }

    public Backend Backend { get; }

    public ScanColumns Columns { get; }

    public int[] ClassCodes { get; }

    public int MaxRows { get; }

    /// <summary>How the quality of a label is told.</summary>
    public LabelScore LabelScore { get; init; }

    /// <summary>A row to keep in any case; null for none.</summary>
    public long? ShownRow { get; init; }

    /// <summary>Errors that the main pass holds at most.</summary>
    public int NotedErrors { get; init; } = GpuDiag.Analyses.Scan.NotedErrors.Most;

    public CountPlan Count { get; }

    /// <summary>Null without probabilities.</summary>
    public ScorePlan? Score { get; }

    /// <summary>Class code → probability column, −1 where there is none.</summary>
    public int[] ClassIndex()
    {
        int[] index = new int[Columns.Classes.Count];
        Array.Fill(index, -1);
        for (int k = 0; k < ClassCodes.Length; k++)
        {
            index[ClassCodes[k]] = k;
        }

        return index;
    }

    /// <summary>
    /// Empty histograms: first of all rows, then per segmentation. Which segmentations are ranked is known only once
    /// their domains are complete: <see cref="IsRanked"/>.
    /// </summary>
    public Positives[] NewPositives()
    {
        if (ClassCodes.Length == 0)
        {
            return [];
        }

        int k = ClassCodes.Length;
        (int overall, int part) = RankRoom(k);
        return [new Positives(k, overall, int.MaxValue), .. Columns.Segments.Select(s => new Positives(k, part, RankGroups))];
    }

    /// <summary>Scores of positives that are told apart, per class: of all rows, and of a segment.</summary>
    internal static (int Overall, int Part) RankRoom(int classes)
    {
        int overall = Math.Clamp(RankCapacity / classes, 256, 1 << 20);
        return (overall, Math.Max(RankCapacity / RankGroups, overall / 64));
    }

    /// <summary>Small enough for curves of its own. Decided by the complete domain, so alike on every machine.</summary>
    public bool IsRanked(Domain segment) => !segment.Overflowed && (long)segment.Count * ClassCodes.Length <= RankGroups;

    /// <exception cref="InputException">The rows hold another number of probabilities than there are classes.</exception>
    public void CheckWidth(MatrixColumn probabilities, Batch batch)
    {
        if (probabilities.Width != ClassCodes.Length)
        {
            throw new InputException(
                $"rows from {batch.FirstRow} on hold {probabilities.Width} probabilities, but there are {ClassCodes.Length} classes",
                null,
                Columns.Roles.Probs[0].Name,
                "Every row needs one probability per class, in one order.");
        }
    }
}
