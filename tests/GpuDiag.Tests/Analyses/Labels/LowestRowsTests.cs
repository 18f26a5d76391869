using CsCheck;
using GpuDiag.Analyses.Labels;

namespace GpuDiag.Tests.Analyses.Labels;

public sealed class LowestRowsTests
{
    [Fact]
    public void Rows_AreTheLowestWhateverTheOrderAndTheSplit() =>
        Gen.Select(Gen.Int[0, 5].Array[0, 60], Gen.Int[0, 20], Gen.Int[1, 4], Gen.Int[0, int.MaxValue]).Sample((values, capacity, parts, seed) =>
        {
            long[] expected = [.. Enumerable.Range(0, values.Length).OrderBy(r => values[r]).ThenBy(r => r).Take(capacity).Select(r => (long)r)];
            int[] order = [.. Enumerable.Range(0, values.Length)];
            new Random(seed).Shuffle(order);
            LowestRows[] lists = [.. Enumerable.Range(0, parts).Select(_ => new LowestRows(capacity))];
            for (int i = 0; i < order.Length; i++)
            {
                lists[i % parts].Add(values[order[i]], new IssueRow(order[i], 1, 1, 2, true, 0.5, 0.5, 0.5));
            }

            foreach (LowestRows other in lists[1..])
            {
                lists[0].Merge(other);
            }

            Assert.Equal(expected.Order(), lists[0].Finish().Select(r => r.Row).Order());
        });
}
