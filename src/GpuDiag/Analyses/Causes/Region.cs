namespace GpuDiag.Analyses.Causes;

/// <summary>A segment that surely fails more than the rest, and why that may be.</summary>
/// <param name="Segmentation">Its place among the segmentations.</param>
/// <param name="Code">The value's code in that segmentation's domain.</param>
/// <param name="Kind">Rare, drifted or merely weak.</param>
/// <param name="TrainingShare">Share of the rows that the model learnt from; null where these are not known.</param>
internal sealed record Region(int Segmentation, int Code, Cause Kind, double? TrainingShare);
