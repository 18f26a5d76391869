namespace GpuDiag.Engine;

/// <summary>
/// Counts of label × prediction over all rows and per segment, with calibration tables. Null labels and predictions
/// (code 0) are counted too, so exclusions can be told from the counts.
/// </summary>
public sealed class CountState : IState<CountState>, IDisposable
{
    public CountState(CountPlan plan)
    {
        Plan = plan;
        Overall = new CountTable(null, plan.Classes);
        Segments = [.. plan.Segments.Select(s => new CountTable(s, plan.Classes))];
    }

    public CountPlan Plan { get; }

    /// <summary>All rows, as one segment with code 0.</summary>
    public CountTable Overall { get; }

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<CountTable> Segments { get; }

    public void Merge(CountState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Overall.Merge(other.Overall);
        for (int i = 0; i < Segments.Count; i++)
        {
            Segments[i].Merge(other.Segments[i]);
        }
    }

    /// <summary>Frees the memory at once; a state that is not disposed of frees it when collected.</summary>
    public void Dispose()
    {
        Overall.Dispose();
        foreach (CountTable table in Segments)
        {
            table.Dispose();
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Overall.Write(writer);
        foreach (CountTable table in Segments)
        {
            table.Write(writer);
        }
    }
}
