namespace GpuDiag.Analyses.Labels;

/// <summary>So many rows of all labels, those with the lowest score; disputed or not.</summary>
internal sealed class LowScoreFilter(long capacity, Func<LabelledRow, double> score) : IssueFilter
{
    private readonly LowestRows lowest = new(capacity);

    protected override bool OnlyDisputed => false;

    public override void Accept(LabelledRow row)
    {
        double value = score(row);
        if (value <= lowest.Threshold && row.TryDescribe(out IssueRow described))
        {
            lowest.Add(value, described);
        }
    }

    public override void Merge(IssueFilter other) => lowest.Merge(((LowScoreFilter)other).lowest);

    protected override IEnumerable<IssueRow> Selected() => lowest.Finish();
}
