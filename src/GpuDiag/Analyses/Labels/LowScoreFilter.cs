namespace GpuDiag.Analyses.Labels;

/// <summary>So many rows of all labels, those with the lowest score; disputed or not.</summary>
internal sealed class LowScoreFilter(long capacity, Func<LabelledRow, double> score) : IssueFilter
{
    private readonly LowestRows lowest = new(capacity);

    protected override bool OnlyDisputed => false;

    public override void Accept(LabelledRow row)
    {
        if (row.IsValid && score(row) is double value && value <= lowest.Threshold)
        {
            lowest.Add(value, row.Describe());
        }
    }

    public override void Merge(IssueFilter other) => lowest.Merge(((LowScoreFilter)other).lowest);

    protected override IEnumerable<IssueRow> Selected() => lowest.Finish();
}
