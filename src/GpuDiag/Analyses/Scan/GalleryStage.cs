using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Gallery;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>Chooses the rows that the gallery shows (docs/gallery.md): errors while causes are found, suspects before that.</summary>
internal sealed class GalleryStage
{
    /// <summary>Neighbours beside a case, of the data and of the training set.</summary>
    private const int Beside = 3;

    private readonly ScanPlan plan;
    private readonly NeighborStage? neighbors;
    private readonly int perGroup;
    private readonly List<GalleryGroup> suspects = [];

    private GalleryStage(ScanPlan plan, NeighborStage? neighbors, int perGroup, ErrorTally errors)
    {
        this.plan = plan;
        this.neighbors = neighbors;
        this.perGroup = perGroup;
        Errors = errors;
    }

    /// <summary>Takes errors as they are read.</summary>
    public ErrorTally Errors { get; }

    /// <summary>Rows chosen already.</summary>
    public IEnumerable<long> Rows
    {
        get
        {
            foreach (GalleryGroup group in suspects)
            {
                foreach (var row in group.Rows)
                {
                    yield return row.Row.Row;
                }
            }
        }
    }

    /// <param name="plan">The scan's.</param>
    /// <param name="result">The scan's, finished.</param>
    /// <param name="labels">Null without probabilities.</param>
    /// <param name="neighbors">Null without an embedding.</param>
    /// <param name="perGroup">Rows of a group at most; 0 for no gallery.</param>
    /// <returns>Null where none is asked for.</returns>
    public static GalleryStage? Plan(ScanPlan plan, ScanResult result, LabelStage? labels, NeighborStage? neighbors, int perGroup)
    {
        if (perGroup == 0)
        {
            return null;
        }

        GalleryStage stage = new(plan, neighbors, perGroup, new ErrorTally(new ErrorGroups(result, plan.Columns.Classes, plan.Columns.Segments), perGroup));
        if (labels is not null)
        {
            stage.Add("label_issues", "the worst label quality first, then by row", labels.Issues.WorstFirst().Select(r => r.ToTopRow(double.PositiveInfinity)));
        }

        if (neighbors is not null)
        {
            Neighborhood rows = neighbors.Rows;
            stage.Add("duplicates", "sets whose labels differ first, then by first row; two rows of a set", rows.DuplicatePairs(perGroup).Select(Facts));
            stage.Add("leaks", "by row", rows.Suspects()[0].Select(Facts));
            stage.Add("outliers", "the farthest first", rows.Suspects()[2].Select(Facts));
            TopRow Facts(long row) => rows.Facts.Row(row, double.PositiveInfinity);
        }

        return stage;
    }

    /// <summary>The rows, once causes are found.</summary>
    /// <param name="causes">Whether errors were read.</param>
    /// <param name="kept">The rows of the rows table, from which errors are taken where they were not.</param>
    /// <param name="trainLabels">Of the training set, in codes of the data's classes; empty without one.</param>
    public GalleryChoice Choose(CauseStage causes, TopRows kept, int[] trainLabels)
    {
        if (!causes.Read)
        {
            foreach (TopRow row in kept.Finish().Where(r => r.Label != r.Prediction && r.Label != Domain.Null && r.Prediction != Domain.Null))
            {
                Errors.Add(new ChosenError(row, null), [], 0, -1, []);
            }
        }

        GalleryChoice choice = new([.. Errors.Finish().Select(g => new GalleryGroup(g.Name, GalleryGroup.ByLoss, g.Errors)), .. suspects]);
        if (neighbors is { } found)
        {
            choice.AddBeside(
                row => Nearest(found.Graph, row).Select(n => found.Rows.Facts.Row(n, double.NaN)),
                row => found.TrainGraph is { } graph
                    ? Nearest(graph, row).Select(n => new TopRow(n, double.NaN, Math.Max(trainLabels[n], Domain.Null), Domain.Null, double.NaN, double.NaN))
                    : []);
        }

        return choice;
    }

    private static int[] Nearest(NeighborGraph graph, long row) => graph.Neighbors(row) is var all ? all[..Math.Min(Beside, all.Length)].ToArray() : [];

    private void Add(string name, string order, IEnumerable<TopRow> rows)
    {
        ChosenError[] first = [.. rows.Take(perGroup).Select(r => new ChosenError(r, null))];
        if (first.Length > 0)
        {
            suspects.Add(new GalleryGroup(name, order, first));
        }
    }
}
