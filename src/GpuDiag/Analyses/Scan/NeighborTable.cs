using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>The neighbours of the rows that the rows table shows, with their ids.</summary>
internal static class NeighborTable
{
    /// <param name="rows">Row numbers, ascending.</param>
    /// <param name="stage">The graphs.</param>
    /// <param name="data">The data, and its column of ids.</param>
    /// <param name="train">The training set; null for none.</param>
    /// <param name="trainLabels">Of the training set, in codes of the data's classes.</param>
    /// <param name="cancel">Stops reading ids.</param>
    public static IReadOnlyList<RowNeighbor> Of(
        IReadOnlyList<long> rows, NeighborStage stage, (Dataset Data, Field? Id) data, TrainSet? train, int[] trainLabels, CancellationToken cancel)
    {
        RowIds ids = RowIds.Read(data.Data, data.Id, [.. rows, .. Related(rows, stage.Graph)], cancel);
        List<RowNeighbor> table = [];
        RowIds? trainIds = train is null || stage.TrainGraph is null ? null : RowIds.Read(train.Data, train.Roles.Id, [.. Related(rows, stage.TrainGraph)], cancel);
        foreach (long row in rows)
        {
            Add(row, stage.Graph, ids, stage.Rows.Facts.Label, "data");
            if (trainIds is not null)
            {
                Add(row, stage.TrainGraph!, trainIds, trainLabels, "train");
            }
        }

        return table;

        void Add(long row, NeighborGraph graph, RowIds theirs, int[] labels, string source)
        {
            ReadOnlySpan<int> neighbors = graph.Neighbors(row);
            for (int rank = 0; rank < neighbors.Length; rank++)
            {
                int label = labels[neighbors[rank]];
                table.Add(new RowNeighbor(ids[row], rank + 1, theirs[neighbors[rank]], graph.Distance(row, rank), source)
                {
                    QueryRow = row,
                    NeighborRow = neighbors[rank],
                    Label = label > Domain.Null ? stage.Rows.Facts.Classes.Text(label) : null,
                });
            }
        }
    }

    private static IEnumerable<long> Related(IReadOnlyList<long> rows, NeighborGraph graph) =>
        rows.SelectMany(r => graph.Neighbors(r).ToArray().Select(n => (long)n));
}
