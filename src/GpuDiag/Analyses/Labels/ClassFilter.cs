namespace GpuDiag.Analyses.Labels;

/// <summary>Per label as many rows as the joint says, those that give it the lowest probability.</summary>
internal sealed class ClassFilter(PrunePlan plan) : IssueFilter
{
    private readonly LowestRows[] lists = [.. plan.ByLabel.Select(n => new LowestRows(n))];

    public override void Accept(LabelledRow row)
    {
        double own = row[row.Label];
        LowestRows list = lists[row.Label];
        if (own <= list.Threshold && row.IsValid)
        {
            list.Add(own, row.Describe());
        }
    }

    public override void Merge(IssueFilter other)
    {
        for (int k = 0; k < lists.Length; k++)
        {
            lists[k].Merge(((ClassFilter)other).lists[k]);
        }
    }

    protected override IEnumerable<IssueRow> Selected() => lists.SelectMany(l => l.Finish());
}
