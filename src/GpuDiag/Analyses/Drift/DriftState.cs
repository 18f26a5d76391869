using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>One dataset as far as it is compared: a tally per column of the reference that it has.</summary>
internal sealed class DriftState : IState<DriftState>
{
    /// <param name="columns">The reference's columns; of a dataset that lacks some, those it has.</param>
    public DriftState(IReadOnlyList<DriftColumn> columns)
        : this(columns, [.. columns.Select(ColumnTally.For)])
    {
    }

    private DriftState(IReadOnlyList<DriftColumn> columns, IReadOnlyList<ColumnTally> tallies) => (Columns, Tallies) = (columns, tallies);

    public IReadOnlyList<DriftColumn> Columns { get; }

    /// <summary>In the order of the columns.</summary>
    public IReadOnlyList<ColumnTally> Tallies { get; }

    public long Rows { get; set; }

    /// <summary>The tally of a column, or null where the dataset has none.</summary>
    public ColumnTally? Find(DriftColumn column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column.Name && Columns[i].Kind == column.Kind)
            {
                return Tallies[i];
            }
        }

        return null;
    }

    public void Merge(DriftState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Rows += other.Rows;
        for (int i = 0; i < Tallies.Count; i++)
        {
            Tallies[i].Merge(other.Tallies[i]);
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Rows);
        writer.Write(Columns.Count);
        for (int i = 0; i < Columns.Count; i++)
        {
            Columns[i].Write(writer);
            Tallies[i].Write(writer);
        }
    }
}
