using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The rows table: the rows that the main pass kept, or all rows, in the order of the dataset. Reads ids and splits
/// (all columns, for all rows) as it is enumerated, from the chunks that hold such rows only.
/// </summary>
internal sealed class RowTable(
    Dataset data, ScanPlan plan, TopRows kept, RowLines lines, bool all, CancellationToken cancel)
{
    private readonly Roles roles = plan.Columns.Roles;

    public IEnumerable<RowResult> Rows()
    {
        try
        {
            foreach (RowResult row in all ? AllRows() : KeptRows())
            {
                yield return row;
            }

            data.CheckUnchanged();
        }
        finally
        {
            plan.Backend.Dispose();
            data.Dispose();
        }
    }

    private IEnumerable<RowResult> KeptRows()
    {
        IReadOnlyList<TopRow> rows = kept.Finish();
        List<ColumnRequest> texts = Texts();
        if (texts.Count == 0)
        {
            return rows.Select(r => lines.Of(r, null, null));
        }

        return WithTexts(rows, texts);
    }

    private List<ColumnRequest> Texts() =>
        [.. new[] { roles.Id, roles.Split }.OfType<Field>().Select(f => new ColumnRequest(f.Name, ColumnForm.Text))];

    private IEnumerable<RowResult> WithTexts(IReadOnlyList<TopRow> rows, List<ColumnRequest> texts)
    {
        using Batch batch = new(texts, 1 << 14);
        using DatasetReader reader = data.Open(texts);
        int next = 0;
        for (int chunk = 0; chunk < data.Chunks.Count && next < rows.Count; chunk++)
        {
            DatasetChunk place = data.Chunks[chunk];
            if (rows[next].Row >= place.FirstRow + place.Rows)
            {
                continue;
            }

            cancel.ThrowIfCancellationRequested();
            reader.Start(chunk);
            while (next < rows.Count && rows[next].Row < place.FirstRow + place.Rows && reader.Read(batch) > 0)
            {
                for (; next < rows.Count && rows[next].Row < batch.FirstRow + batch.Rows; next++)
                {
                    int i = (int)(rows[next].Row - batch.FirstRow);
                    yield return lines.Of(rows[next], Text(batch, roles.Id, 0, i), Text(batch, roles.Split, roles.Id is null ? 0 : 1, i));
                }
            }
        }
    }

    private IEnumerable<RowResult> AllRows()
    {
        ScanPass pass = new(plan.Columns, Needs.Prediction | Needs.Confidence | Needs.Probabilities);
        List<ColumnRequest> requests = [.. pass.Requests, .. Texts()];
        int capacity = Math.Clamp((2 << 20) / (requests.Count + plan.ClassCodes.Length), 256, 1 << 14);
        int first = pass.Requests.Count;
        using Batch batch = new(requests, capacity);
        using DatasetReader reader = data.Open(requests);
        using RowColumns columns = new(plan, pass, capacity);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                columns.Take(batch);
                for (int i = 0; i < batch.Rows; i++)
                {
                    double confidence = columns.Confidence is { } c ? c[i] : double.NaN, loss = columns.Scores is { } s ? s.Loss[i] : double.NaN;
                    TopRow row = new(batch.FirstRow + i, loss, columns.Label[i], columns.Prediction[i], confidence, loss, columns.Quality.IsEmpty ? double.NaN : columns.Quality[i]);
                    yield return lines.Of(row, Text(batch, roles.Id, first, i), Text(batch, roles.Split, roles.Id is null ? first : first + 1, i));
                }
            }
        }
    }

    private static string? Text(Batch batch, Field? role, int place, int row) =>
        role is null ? null : ((TextColumn)batch.Columns[place]).Values[row];
}
