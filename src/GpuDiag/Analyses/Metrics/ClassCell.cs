namespace GpuDiag.Analyses.Metrics;

/// <summary>Rows of one label and one prediction, both as positions in the class order.</summary>
internal readonly record struct ClassCell(int Label, int Prediction, long Count) : IComparable<ClassCell>
{
    public int CompareTo(ClassCell other) =>
        Label != other.Label ? Label.CompareTo(other.Label) : Prediction.CompareTo(other.Prediction);
}
