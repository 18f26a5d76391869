namespace GpuDiag.Analyses.Gallery;

/// <summary>Rows to show together.</summary>
/// <param name="Name">On one line.</param>
/// <param name="Order">What the rows are ordered by, in words.</param>
/// <param name="Rows">In that order; not all need be errors.</param>
internal sealed record GalleryGroup(string Name, string Order, IReadOnlyList<ChosenError> Rows)
{
    /// <summary>The order of errors.</summary>
    public const string ByLoss = "the greatest loss first, then the greatest confidence, then by row";
}
