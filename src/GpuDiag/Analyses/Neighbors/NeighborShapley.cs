using GpuDiag.Analyses.Embeddings;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>
/// What each row is worth to a k-nearest-neighbour classifier of all the others: Jia et al., "Efficient task-specific data
/// valuation for nearest neighbor algorithms" (VLDB 2019), theorem 1, on the k neighbours of each row alone. There its
/// recursion s(αⱼ) = s(αⱼ₊₁) + ([y(αⱼ) = y] − [y(αⱼ₊₁) = y])/k from s(αₖ) = [y(αₖ) = y]/k comes to s(αⱼ) = [y(αⱼ) = y]/k, so a
/// row's value is c / (N·k): c of the N labelled rows have it among their k nearest and share its label. The values add up
/// to the mean share of neighbours with the row's label. Datalab shows ½·(1 + value). Time and memory: N·k and N.
/// </summary>
internal sealed class NeighborShapley
{
    private readonly NeighborGraph graph;
    private readonly RowFacts facts;
    private readonly int[] counts;
    private readonly long labelled;

    public NeighborShapley(NeighborGraph graph, RowFacts facts)
    {
        this.graph = graph;
        this.facts = facts;
        counts = new int[graph.Rows];
        for (long row = 0; row < graph.Rows; row++)
        {
            ReadOnlySpan<int> neighbors = graph.Neighbors(row);
            int label = facts.Label[row];
            if (label == Domain.Null || neighbors.IsEmpty)
            {
                continue;
            }

            labelled++;
            foreach (int neighbor in neighbors)
            {
                counts[neighbor] += facts.Label[neighbor] == label ? 1 : 0;
            }
        }
    }

    /// <summary>From 0 (helps no one) up; NaN without a label or without neighbours.</summary>
    public double Value(long row) =>
        facts.Label[row] == Domain.Null || graph.Neighbors(row).IsEmpty ? double.NaN : counts[row] / ((double)labelled * graph.K);
}
