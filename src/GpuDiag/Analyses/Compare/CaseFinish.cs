using System.Globalization;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Compare;

/// <summary>What became of the cases, and what of it would have come by chance.</summary>
internal static class CaseFinish
{
    /// <exception cref="InputException">None of the cases is among the rows that were compared.</exception>
    public static CasesResult Finish(Cases cases, CaseTally tally, double margin)
    {
        PairTable all = CaseTally.Table(tally.All), others = CaseTally.Table(tally.Others), near = CaseTally.Table(tally.Neighbors);
        if (all.Rows == 0)
        {
            throw new InputException(
                $"none of the {cases.Count} cases is a row of BEFORE that was compared", cases.Source, null, "Give the scan of the data that BEFORE is, with the same ids.");
        }

        Estimate delta = GroupFinish.Paired(near);
        return new CasesResult
        {
            Source = cases.Source,
            Cases = cases.Count,
            Table = all,
            Fixed = Fixed(all),
            OtherErrors = others.OnlyAfter + others.BothWrong,
            OtherFixed = Fixed(others),
            Excess = Intervals.Difference(all.OnlyAfter, all.OnlyAfter + all.BothWrong, others.OnlyAfter, others.OnlyAfter + others.BothWrong),
            Neighbors = near,
            NeighborsBefore = Intervals.Proportion(near.BothRight + near.OnlyBefore, near.Rows),
            NeighborsAfter = Intervals.Proportion(near.BothRight + near.OnlyAfter, near.Rows),
            NeighborsDelta = delta,
            NeighborsPValue = near.Rows == 0 ? null : McNemar.PValue(near.OnlyBefore, near.OnlyAfter),
            NeighborsVerdict = CompareVerdicts.Of(delta, margin),
            Causes = Groups(tally.Causes),
            Clusters = Groups(tally.Clusters),
        };
    }

    /// <summary>Of the rows that BEFORE has wrong, those that AFTER has right.</summary>
    private static Estimate Fixed(PairTable table) => Intervals.Proportion(table.OnlyAfter, table.OnlyAfter + table.BothWrong);

    private static CaseGroup[] Groups(Dictionary<string, long[]> groups) =>
    [
        .. groups.Select(g => new CaseGroup(g.Key, CaseTally.Table(g.Value), Fixed(CaseTally.Table(g.Value))))
            .OrderByDescending(g => g.Table.Rows)
            .ThenBy(g => int.TryParse(g.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .ThenBy(g => g.Name, StringComparer.Ordinal),
    ];
}
