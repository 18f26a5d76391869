namespace GpuDiag.Analyses.Causes;

/// <summary>A segment that surely fails more than the rest, and why that may be.</summary>
/// <param name="Segmentation">Its place among the segmentations.</param>
/// <param name="Code">The value's code in that segmentation's domain.</param>
/// <param name="Name">As column=value.</param>
/// <param name="Kind">Rare, drifted or merely weak.</param>
internal sealed record Region(int Segmentation, int Code, string Name, Cause Kind);
