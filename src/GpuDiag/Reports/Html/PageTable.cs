using System.Text.Json;
using GpuDiag.Columns;

namespace GpuDiag.Reports.Html;

/// <summary>A Parquet table as the page takes it: <c>{"rows","total","columns":{name:…}}</c>, each column as <see cref="PageColumn"/> says.</summary>
internal sealed class PageTable
{
    /// <summary>Characters of one text at most; what is longer ends in an ellipsis.</summary>
    public const int LongestText = 2_000;

    private const int BatchRows = 1 << 12;

    /// <summary>Which columns to take, of those that are there; null for all.</summary>
    public Func<string, bool>? Columns { get; init; }

    /// <summary>Columns are packed: for tables of many lines.</summary>
    public bool Packed { get; init; }

    /// <summary>Characters that images take on the page at most; rows after that have none.</summary>
    public long ImageRoom { get; init; }

    /// <summary>Writes the first rows.</summary>
    public void WriteFirst(Utf8JsonWriter json, string path, int rows, CancellationToken cancel) => Write(json, path, null, rows, cancel);

    /// <summary>Writes the rows at these places, ascending.</summary>
    public void WriteAt(Utf8JsonWriter json, string path, long[] places, CancellationToken cancel) => Write(json, path, places, places.Length, cancel);

    private void Write(Utf8JsonWriter json, string path, long[]? places, int limit, CancellationToken cancel)
    {
        using var data = Dataset.Open([path]);
        List<PageColumn> columns = [];
        foreach (var field in data.Fields.Where(f => Columns?.Invoke(f.Name) ?? true))
        {
            ColumnForm? form = FormRules.Allows(field.Type, ColumnForm.Numbers) ? ColumnForm.Numbers
                : field.Type is FieldType.Binary or FieldType.Image ? (ImageRoom > 0 ? ColumnForm.Image : null)
                : FormRules.Allows(field.Type, ColumnForm.Text) ? ColumnForm.Text : null;
            if (form is ColumnForm known)
                columns.Add(new PageColumn(field.Name, known, Packed));
        }
        int taken = columns.Count == 0 ? 0 : Read(data, columns, places, limit, cancel);
        json.WriteStartObject();
        json.WriteNumber("rows", taken);
        json.WriteNumber("total", data.Rows);
        json.WriteStartObject("columns");
        foreach (var column in columns)
            column.Write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private int Read(Dataset data, List<PageColumn> columns, long[]? places, int limit, CancellationToken cancel)
    {
        ColumnRequest[] requests = [.. columns.Select(c => new ColumnRequest(c.Name, c.Form))];
        using var batch = new Batch(requests, BatchRows);
        using var reader = data.Open(requests);
        int taken = 0;
        long room = ImageRoom;
        for (int chunk = 0; chunk < data.Chunks.Count && taken < limit; chunk++)
        {
            var part = data.Chunks[chunk];
            if (places is not null && places[taken] >= part.FirstRow + part.Rows)
                continue;
            reader.Start(chunk);
            while (taken < limit && reader.Read(batch) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                for (int i = 0; i < batch.Rows && taken < limit; i++)
                {
                    if (places is not null && places[taken] != batch.FirstRow + i)
                        continue;
                    for (int c = 0; c < columns.Count; c++)
                    {
                        int added = columns[c].Add(batch.Columns[c], i, room);
                        if (columns[c].Form == ColumnForm.Image)
                            room -= added;
                    }
                    taken++;
                }
            }
        }
        return taken;
    }
}
