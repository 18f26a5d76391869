namespace GpuDiag.Analyses.Labels;

/// <summary>Every disputed row of which something is true.</summary>
internal sealed class EveryFilter(Func<LabelledRow, bool> isIssue) : IssueFilter
{
    private readonly List<IssueRow> rows = [];

    public override void Accept(LabelledRow row)
    {
        if (row.IsValid && row.IsDisputed() && isIssue(row))
        {
            rows.Add(row.Describe());
        }
    }

    public override void Merge(IssueFilter other) => rows.AddRange(((EveryFilter)other).rows);

    protected override IEnumerable<IssueRow> Selected() => rows;
}
