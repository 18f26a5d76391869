namespace GpuDiag.Analyses.Causes;

/// <summary>A segment or slice that surely fails more than the rest, and why that may be.</summary>
/// <param name="Name">As column=value, of a slice joined by &amp;.</param>
/// <param name="Kind">Rare, drifted or merely weak.</param>
internal sealed record Region(string Name, Cause Kind);
