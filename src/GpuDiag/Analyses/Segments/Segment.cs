using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Segments;

/// <summary>A segment's result, and how it stands against the other rows of its column.</summary>
internal sealed record Segment(SegmentResult Result, long RestRows, long RestCorrect)
{
    public long Correct => Result.Rows - Result.Errors;

    public double Accuracy => (double)Correct / Result.Rows;

    public double RestAccuracy => (double)RestCorrect / RestRows;

    /// <summary>Rows that would be right at the accuracy of the rest; 0 when one of the two is empty.</summary>
    public double LostRows => Result.Rows == 0 || RestRows == 0 ? 0 : Result.Rows * (RestAccuracy - Accuracy);
}
