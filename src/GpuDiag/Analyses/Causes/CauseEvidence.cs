using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Causes;

/// <summary>
/// What a mispredicted row shows of each cause (docs/causes.md). Looks at the row and at finished results only, so the
/// answer does not depend on how the rows came.
/// </summary>
internal sealed class CauseEvidence
{
    /// <summary>A class is rare below this part of an equal share.</summary>
    private const int RarePart = 4;

    /// <summary>Without neighbours, a row is ambiguous below this confidence.</summary>
    private const double Undecided = 0.6;

    private readonly FailingRegions regions;
    private readonly PipelineVerdict pipeline;
    private readonly LabelIssues? issues;
    private readonly Neighborhood? neighborhood;
    private readonly Slices.Slices? slices;
    private readonly bool[] rare;
    private readonly bool[] overconfident;

    /// <param name="counts">Of all rows.</param>
    /// <param name="curve">The reliability curve; empty without confidences.</param>
    /// <param name="regions">Segments that surely fail.</param>
    /// <param name="slices">Rows of the slices; null where none were searched.</param>
    /// <param name="training">What the model learnt from; null where it is not known.</param>
    /// <param name="pipeline">Which errors faults between model and table explain.</param>
    /// <param name="issues">Labels that are likely wrong; null without probabilities.</param>
    /// <param name="neighborhood">Null without an embedding.</param>
    public CauseEvidence(
        CountTable counts, IReadOnlyList<CalibrationBin> curve, FailingRegions regions, Slices.Slices? slices, Training? training, PipelineVerdict pipeline, LabelIssues? issues, Neighborhood? neighborhood)
    {
        this.pipeline = pipeline;
        this.slices = slices;
        this.issues = issues;
        this.regions = regions;
        this.neighborhood = neighborhood;
        rare = Rare(counts, training);
        overconfident = new bool[Calibration.Slots];
        for (int bin = 0; bin < curve.Count; bin++)
        {
            overconfident[bin] = curve[bin].Confidence > curve[bin].Accuracy.High;
        }
    }

    /// <param name="row">Its number.</param>
    /// <param name="label">Not null, and not the prediction.</param>
    /// <param name="prediction">Not null.</param>
    /// <param name="confidence">NaN for none.</param>
    /// <param name="segments">The batch's value of each segmentation.</param>
    /// <param name="at">The row's place in the batch.</param>
    public EvidenceBits Of(long row, int label, int prediction, double confidence, IReadOnlyList<CodeColumn> segments, int at)
    {
        EvidenceBits shown = OfClass(label)
            .With(Cause.Pipeline, pipeline.ExplainsAny && pipeline.Explains(row, label, prediction))
            .With(Cause.OverconfidentBoundary, overconfident[Calibration.Bin(confidence)]);
        if (neighborhood is not null)
        {
            shown = shown
                .With(Cause.DuplicateConflict, neighborhood.HasConflict(row))
                .With(Cause.OutOfDistribution, neighborhood.IsOutlier(row));
        }

        bool doubted = issues?.IsIssue(row) == true && neighborhood?.SupportsLabel(row) != true;
        shown = shown.With(Cause.LabelError, doubted || neighborhood?.IsContradicted(row) == true);
        for (int s = 0; s < segments.Count && regions.Any; s++)
        {
            shown = OfSegment(shown, s, segments[s][at]);
        }

        foreach ((int place, Region region) in regions.Slices)
        {
            shown = shown.With(region.Kind, shown.Has(region.Kind) || slices!.Has(place, row));
        }

        return shown.With(Cause.Ambiguous, neighborhood?.IsDivided(row) ?? confidence < Undecided);
    }

    /// <summary>The failing segments and slices that a row is in.</summary>
    public IEnumerable<Region> Regions(long row, IReadOnlyList<CodeColumn> segments, int at)
    {
        for (int s = 0; s < segments.Count; s++)
        {
            if (regions[s, segments[s][at]] is { } region)
            {
                yield return region;
            }
        }

        foreach ((int place, Region region) in regions.Slices)
        {
            if (slices!.Has(place, row))
            {
                yield return region;
            }
        }
    }

    /// <summary>What a cell of the counts shows, where nothing more is known of its rows.</summary>
    /// <param name="segmentation">Below 0 for none.</param>
    public EvidenceBits OfCell(int label, int segmentation, int segment) =>
        segmentation < 0 ? OfClass(label) : OfSegment(OfClass(label), segmentation, segment);

    private EvidenceBits OfClass(int label) => default(EvidenceBits).With(Cause.Rare, rare[label]);

    private EvidenceBits OfSegment(EvidenceBits shown, int segmentation, int code) =>
        regions[segmentation, code] is { } region ? shown.With(region.Kind, true) : shown;

    private static bool[] Rare(CountTable counts, Training? training)
    {
        long[] support = new long[counts.Classes.Count];
        bool[] seen = new bool[counts.Classes.Count];
        foreach (Cell cell in counts.Cells)
        {
            support[cell.Label] += cell.Label == Domain.Null || cell.Prediction == Domain.Null ? 0 : cell.Count;
            seen[cell.Label] = seen[cell.Prediction] = true;
        }

        // A training set without labels says nothing of classes.
        Training? learnt = training?.Classes.Sum() > 0 ? training : null;
        long classes = seen.AsSpan(1).Count(true), rows = 0;
        foreach (long own in learnt?.Classes ?? support)
        {
            rows += own;
        }

        bool[] rare = new bool[support.Length];
        for (int code = 0; code < rare.Length; code++)
        {
            rare[code] = (learnt?.OfClass(code) ?? support[code]) * RarePart * classes < rows;
        }

        return rare;
    }
}
