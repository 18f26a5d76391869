using GpuDiag.Engine.Labels;

namespace GpuDiag.Analyses.Labels;

/// <summary>Per label and true class, as many rows as the joint says, those with the largest margin of the true class over the label.</summary>
internal sealed class NoiseRateFilter(PrunePlan plan) : IssueFilter
{
    private readonly LowestRows?[]?[] lists = new LowestRows?[]?[plan.True.Length];
    private readonly ColumnLimits?[] limits = new ColumnLimits?[plan.True.Length];
    private readonly int[] within = new int[plan.True.Max(t => t.Length)];

    public override void Accept(LabelledRow row)
    {
        int label = row.Label;
        int[] to = plan.True[label];
        if (to.Length == 0)
        {
            return;
        }

        ColumnLimits least = limits[label] ??= new ColumnLimits(to, row.Classes);
        int count = row.Within(least, within);
        if (count == 0 || !row.IsValid)
        {
            return;
        }

        double own = row[label];
        IssueRow? described = null;
        foreach (int i in within.AsSpan(0, count))
        {
            LowestRows list = List(label, i);
            double margin = own - row[to[i]];
            if (margin <= list.Threshold)
            {
                list.Add(margin, described ??= row.Describe());
                least.Set(i, list.Threshold);
            }
        }
    }

    public override void Expect(LabelledRow row, int rowInBatch, int label)
    {
        if (limits[label] is { } least)
        {
            row.Fetch(rowInBatch, label, least);
        }
    }

    public override void Merge(IssueFilter other)
    {
        NoiseRateFilter from = (NoiseRateFilter)other;
        for (int k = 0; k < lists.Length; k++)
        {
            for (int i = 0; i < (from.lists[k]?.Length ?? 0); i++)
            {
                if (from.lists[k]![i] is { } list)
                {
                    List(k, i).Merge(list);
                }
            }
        }
    }

    protected override IEnumerable<IssueRow> Selected() => lists.SelectMany(k => k ?? []).SelectMany(l => l?.Finish() ?? []);

    private LowestRows List(int label, int i) => (lists[label] ??= new LowestRows?[plan.True[label].Length])[i] ??= new LowestRows(plan.Counts[label][i]);
}
