using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The ids of some rows; row numbers where there is no column of ids, or it is null. An id that several of these rows have
/// is followed by the row's number, <c>a (row 5)</c>, so that it names one.
/// </summary>
internal sealed class RowIds
{
    private readonly Dictionary<long, string> texts = [];

    private RowIds()
    {
    }

    public string this[long row] => texts.GetValueOrDefault(row) ?? row.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads from the chunks that hold such rows only.</summary>
    public static RowIds Read(Dataset data, Field? id, IEnumerable<long> rows, CancellationToken cancel)
    {
        RowIds ids = new();
        if (id is null)
        {
            return ids;
        }

        long[] wanted = [.. rows.Distinct().Order()];
        ColumnRequest[] request = [new ColumnRequest(id.Name, ColumnForm.Text)];
        using Batch batch = new(request, 1 << 14);
        using DatasetReader reader = data.Open(request);
        int next = 0;
        for (int chunk = 0; chunk < data.Chunks.Count && next < wanted.Length; chunk++)
        {
            long end = data.Chunks[chunk].FirstRow + data.Chunks[chunk].Rows;
            if (wanted[next] >= end)
            {
                continue;
            }

            cancel.ThrowIfCancellationRequested();
            reader.Start(chunk);
            while (next < wanted.Length && wanted[next] < end && reader.Read(batch) > 0)
            {
                for (; next < wanted.Length && wanted[next] < batch.FirstRow + batch.Rows; next++)
                {
                    if (((TextColumn)batch.Columns[0]).Values[wanted[next] - batch.FirstRow] is { } text)
                    {
                        ids.texts[wanted[next]] = text;
                    }
                }
            }
        }

        ids.TellApart();
        return ids;
    }

    private void TellApart()
    {
        foreach (IGrouping<string, long> same in texts.GroupBy(t => t.Value, t => t.Key).Where(g => g.Skip(1).Any()).ToArray())
        {
            foreach (long row in same)
            {
                texts[row] = string.Create(CultureInfo.InvariantCulture, $"{same.Key} (row {row})");
            }
        }
    }
}
