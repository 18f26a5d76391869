using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Compare;

/// <summary>Joins by place, by hash of numbers and by hash of text, against the definition: rows whose id occurs once on either side.</summary>
public sealed class IdJoinTests
{
    private const int BeforeRows = 5000, AfterRows = 4000;

    [Theory]
    [InlineData(1, 0)] // A place for each.
    [InlineData(1, -2500)]
    [InlineData(1, 1L << 40)]
    [InlineData(1_000_003, 0)] // Too far apart: by hash.
    [InlineData(1, 1L << 60)] // Beyond what a double holds: by text.
    public void Run_MatchesRowsWhoseIdOccursOnceOnEitherSide(long apart, long first)
    {
        Random random = new(7);
        long?[] left = [.. Enumerable.Range(0, BeforeRows).Select(_ => random.Next(50) == 0 ? null : (long?)((random.Next(4 * BeforeRows) * apart) + first))];
        long?[] right = [.. Enumerable.Range(0, AfterRows).Select(_ => random.Next(60) == 0 ? null : (long?)((random.Next(4 * BeforeRows) * apart) + first))];
        using TempFolder folder = new();
        using Dataset before = Dataset.Open([CompareFile.Write(folder["b.parquet"], 700, ("id", (Array)left))]);
        using Dataset after = Dataset.Open([CompareFile.Write(folder["a.parquet"], 900, ("id", (Array)right))]);
        foreach (int threads in (int[])[1, 4])
        {
            using JoinMap map = new IdJoin(before, before.Fields[0], after, after.Fields[0], threads)
                .Run((new Pipeline(before, threads, null, default), new Pipeline(after, threads, null, default)), null, folder.Root, null);

            Dictionary<long, int> inBefore = Counts(left), inAfter = Counts(right);
            long matched = 0;
            for (int row = 0; row < AfterRows; row++)
            {
                bool once = right[row] is long id && inAfter[id] == 1 && inBefore.GetValueOrDefault(id) == 1;
                Assert.Equal(once ? Array.IndexOf(left, right[row]) : -1, map[row]);
                matched += once ? 1 : 0;
            }

            long repeatedBefore = inBefore.Sum(i => i.Value > 1 || inAfter.GetValueOrDefault(i.Key) > 1 ? i.Value : 0);
            long repeatedAfter = inAfter.Sum(i => i.Value > 1 || inBefore.GetValueOrDefault(i.Key) > 1 ? i.Value : 0);
            long nullBefore = left.Count(i => i is null), nullAfter = right.Count(i => i is null);
            Assert.True(matched > 100 && repeatedBefore > 100);
            Assert.Equal(
                new JoinResult("id", BeforeRows, AfterRows, matched, BeforeRows - matched - repeatedBefore - nullBefore, AfterRows - matched - repeatedAfter - nullAfter, repeatedBefore, repeatedAfter, nullBefore, nullAfter),
                map.Result);
        }
    }

    private static Dictionary<long, int> Counts(long?[] ids) => ids.OfType<long>().GroupBy(i => i).ToDictionary(g => g.Key, g => g.Count());
}
