namespace GpuDiag.Analyses.Labels;

/// <summary>Rows that are issues by noise rate and by class.</summary>
internal sealed class BothFilter(PrunePlan plan) : IssueFilter
{
    private readonly NoiseRateFilter byNoiseRate = new(plan);
    private readonly ClassFilter byClass = new(plan);
    private IssueRow[]? both;

    public override void Accept(LabelledRow row)
    {
        byNoiseRate.Accept(row);
        byClass.Accept(row);
    }

    public override void Expect(LabelledRow row, int rowInBatch, int label) => byNoiseRate.Expect(row, rowInBatch, label);

    public override void Merge(IssueFilter other)
    {
        byNoiseRate.Merge(((BothFilter)other).byNoiseRate);
        byClass.Merge(((BothFilter)other).byClass);
    }

    protected override IEnumerable<IssueRow> Selected()
    {
        if (both is null)
        {
            HashSet<long> also = [.. byClass.Finish().Select(r => r.Row)];
            both = [.. byNoiseRate.Finish().Where(r => also.Contains(r.Row))];
        }

        return both;
    }
}
