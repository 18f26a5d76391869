using GpuDiag.Columns;

namespace GpuDiag.Reports.Html;

/// <summary>
/// Which lines of rows.parquet the page shows: all where they are few, as they are without <c>--all-rows</c>; else those with an
/// error, a label issue, an outlier, a duplicate or a leak, greatest loss first, ties to the lower row.
/// </summary>
internal static class PageRows
{
    /// <summary>Of a longer table the page shows none where a gallery holds the cases: reading it would take longer than all else.</summary>
    private const int MostRead = 1_000_000;

    private static readonly string[] Flags = ["label_issue", "outlier", "leak"];

    /// <summary>Places in the table, ascending.</summary>
    /// <param name="limit">Places at most.</param>
    /// <param name="gallery">There is a gallery.</param>
    public static long[] Choose(string path, int limit, bool gallery, CancellationToken cancel)
    {
        using var data = Dataset.Open([path]);
        if (gallery && data.Rows > MostRead)
            return [];
        if (data.Rows <= limit)
            return [.. Enumerable.Range(0, (int)data.Rows).Select(i => (long)i)];

        ColumnRequest[] requests = [.. ((string[])["correct", "loss", "duplicate_set", .. Flags]).Select(name => new ColumnRequest(name, ColumnForm.Numbers))];
        using var batch = new Batch(requests);
        using var reader = data.Open(requests);
        // The least of those kept comes out first.
        var kept = new PriorityQueue<long, (double Loss, long Later)>(limit + 1);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                var columns = Array.ConvertAll([.. batch.Columns], c => (NumberColumn)c);
                for (int i = 0; i < batch.Rows; i++)
                {
                    bool shown = columns[0][i] == 0 || !double.IsNaN(columns[2][i]) || columns[3][i] == 1 || columns[4][i] == 1 || columns[5][i] == 1;
                    if (!shown)
                        continue;
                    long place = batch.FirstRow + i;
                    double loss = columns[1][i];
                    var rank = (double.IsNaN(loss) ? double.NegativeInfinity : loss, -place);
                    if (kept.Count < limit)
                        kept.Enqueue(place, rank);
                    else
                        kept.EnqueueDequeue(place, rank);
                }
            }
        }
        long[] places = [.. kept.UnorderedItems.Select(k => k.Element)];
        Array.Sort(places);
        return places;
    }
}
