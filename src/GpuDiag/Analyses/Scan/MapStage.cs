using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Scan;

/// <summary>The rows of the map's table: all with coordinates, or where these are too many those with the smallest keys.</summary>
internal static class MapStage
{
    /// <summary>Columns of metadata at most.</summary>
    private const int MostColumns = 10;

    /// <summary>
    /// Row numbers, ascending. A row's key is drawn by Philox from the seed and its number, so each is as likely as another, whatever
    /// the cut of the data, and more rows asked for are these and others.
    /// </summary>
    /// <param name="clusters">Tells rows with coordinates; null without an embedding.</param>
    /// <param name="seed">Keys the rows.</param>
    /// <param name="most">Rows at most.</param>
    public static long[] Choose(ClusterStage? clusters, ulong seed, int most)
    {
        if (clusters?.Map is null || most == 0)
        {
            return [];
        }

        ulong stream = ConfusionBootstrap.Stream("map rows");
        PriorityQueue<long, (ulong Key, long Row)> chosen = new(Comparer<(ulong Key, long Row)>.Create((a, b) => b.CompareTo(a)));
        ReadOnlySpan<int> nearest = clusters.Clustering.Nearest;
        for (int row = 0; row < nearest.Length; row++)
        {
            if (nearest[row] < 0)
            {
                continue;
            }

            (ulong, long) key = (Philox4x32.At(seed, stream, (ulong)row).First, row);
            if (chosen.Count < most)
            {
                chosen.Enqueue(row, key);
            }
            else
            {
                chosen.EnqueueDequeue(row, key);
            }
        }

        return [.. chosen.UnorderedItems.Select(i => i.Element).Order()];
    }

    /// <summary>The columns that the map's rows carry: those of single segments by value, the first of them.</summary>
    private static Field[] Meta(ScanColumns columns) =>
    [
        .. columns.Roles.Segments
            .Where((s, i) => s.Parts is [{ Bins: 0 }] && !columns.Segments[i].Overflowed && s.Name != columns.Roles.Split?.Name)
            .Select(s => s.Parts[0].Field)
            .Distinct()
            .Take(MostColumns),
    ];

    /// <summary>Reads ids and metadata of the rows.</summary>
    /// <param name="rows">As chosen.</param>
    /// <param name="data">The data.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="facts">What the main pass says of each row.</param>
    /// <param name="lines">Says what is known of a row.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="cancel">Stops reading.</param>
    public static MapRowSet Read(long[] rows, Dataset data, ScanColumns columns, RowFacts facts, RowLines lines, int threads, CancellationToken cancel)
    {
        Field[] meta = Meta(columns);
        Field? id = columns.Roles.Id;
        ColumnRequest[] requests =
        [
            .. meta.Select(f => new ColumnRequest(f.Name, ColumnForm.Codes, columns.Part(f))),
            .. id is null ? [] : (ColumnRequest[])[new ColumnRequest(id.Name, ColumnForm.Text)],
        ];
        MapRow[] table = [.. rows.Select(row => new MapRow(Line(row, null), []))];
        ChosenRows.Read(data, requests, rows, 1 << 14, threads, (at, batch, row) => table[at] = new MapRow(
            table[at].Line with { Id = id is null ? null : ((TextColumn)batch.Columns[^1]).Values[row] },
            [.. meta.Select((_, c) => Value((CodeColumn)batch.Columns[c], row))]), cancel);
        return new MapRowSet([.. meta.Select(f => f.Name)], table);

        RowResult Line(long row, string? text) =>
            lines.Of(facts.Row(row, double.NaN), text, facts.Split[row] == Domain.Null ? null : facts.Splits.Text(facts.Split[row]));
    }

    private static string? Value(CodeColumn column, int row) => column[row] == Domain.Null ? null : column.Domain.Text(column[row]);
}
