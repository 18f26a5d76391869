using GpuDiag.Engine;

namespace GpuDiag.Analyses.Labels;

/// <summary>A row that may be a label issue, with what reports say of it.</summary>
/// <param name="Row">Position in the dataset.</param>
/// <param name="Label">Class code.</param>
/// <param name="Prediction">Class code, 0 without one.</param>
/// <param name="Suggested">Class code of the most probable other class.</param>
/// <param name="IsDisputed">The arg max is another class also when the label's probability is raised by 1e-6.</param>
/// <param name="Confidence">NaN without one.</param>
/// <param name="Loss">Log-loss of the row.</param>
/// <param name="Quality">Of the label.</param>
internal readonly record struct IssueRow(long Row, int Label, int Prediction, int Suggested, bool IsDisputed, double Confidence, double Loss, double Quality)
{
    /// <summary>In the form of the rows table.</summary>
    public TopRow ToTopRow(double key) => new(Row, key, Label, Prediction, Confidence, Loss, Quality);
}
