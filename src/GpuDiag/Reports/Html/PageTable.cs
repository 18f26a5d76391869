using System.Text.Json;
using GpuDiag.Columns;

namespace GpuDiag.Reports.Html;

/// <summary>A Parquet table as the page takes it: <c>{"rows","total","columns":{name:…}}</c>, each column as <see cref="PageColumn"/> says.</summary>
internal sealed class PageTable
{
    /// <summary>Characters of one text at most; what is longer ends in an ellipsis.</summary>
    public const int LongestText = 2_000;

    private const int BatchRows = 1 << 12;

    private readonly List<PageColumn> columns = [];
    private readonly bool spread;
    private readonly int taken;
    private readonly long total;

    private PageTable(string path, PageTableForm form, long[]? places, int limit, CancellationToken cancel)
    {
        using var data = Dataset.Open([path]);
        foreach (var field in data.Fields.Where(f => form.Columns?.Invoke(f.Name) ?? true))
        {
            ColumnForm? known = FormRules.Allows(field.Type, ColumnForm.Numbers) ? ColumnForm.Numbers
                : field.Type is FieldType.Binary or FieldType.Image ? (form.Pictures ? ColumnForm.Image : null)
                : FormRules.Allows(field.Type, ColumnForm.Text) ? ColumnForm.Text : null;
            if (known is ColumnForm taking)
                columns.Add(new PageColumn(field.Name, taking, form.Packed));
        }
        spread = form.Spread;
        total = data.Rows;
        taken = columns.Count == 0 ? 0 : Read(data, places, limit, cancel);
    }

    /// <summary>Rows that are here.</summary>
    public int Rows => taken;

    /// <summary>Rows with a picture, whether it is shown or not.</summary>
    public int Pictures => columns.Where(c => c.Form == ColumnForm.Image).Sum(c => c.Present);

    /// <summary>Pictures of the last <see cref="Write"/>.</summary>
    public int PicturesShown => columns.Where(c => c.Form == ColumnForm.Image).Sum(c => c.Shown);

    /// <summary>Some row has a text.</summary>
    public bool HasTexts => columns.Exists(c => c.Form == ColumnForm.Text && c.Present > 0);

    /// <summary>Takes the first rows.</summary>
    public static PageTable First(string path, PageTableForm form, int rows, CancellationToken cancel) => new(path, form, null, rows, cancel);

    /// <summary>Takes the rows at these places, ascending.</summary>
    public static PageTable At(string path, PageTableForm form, long[] places, CancellationToken cancel) => new(path, form, places, places.Length, cancel);

    /// <summary>Bytes of all long texts, each once per column, where none is longer than so many characters.</summary>
    public long TextBytes(int longest) => columns.Where(c => c.Form == ColumnForm.Text).Sum(c => c.TextBytes(longest));

    /// <summary>Writes so many rows: the first, or of a table that is thinned evenly, rows at equal distances.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="rows">Rows at most.</param>
    /// <param name="longestText">Characters of a text at most.</param>
    /// <param name="pictureRoom">Characters that pictures take at most; in the order of rows, those for which there is none are left out.</param>
    public void Write(Utf8JsonWriter json, int rows, int longestText, long pictureRoom)
    {
        int count = Math.Min(rows, taken);
        int[] places = [.. Enumerable.Range(0, count).Select(i => spread ? (int)((long)i * taken / count) : i)];
        json.WriteStartObject();
        json.WriteNumber("rows", count);
        json.WriteNumber("total", total);
        json.WriteStartObject("columns");
        foreach (var column in columns)
            pictureRoom -= column.Write(json, places, longestText, pictureRoom);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private int Read(Dataset data, long[]? places, int limit, CancellationToken cancel)
    {
        ColumnRequest[] requests = [.. columns.Select(c => new ColumnRequest(c.Name, c.Form))];
        using var batch = new Batch(requests, BatchRows);
        using var reader = data.Open(requests);
        int read = 0;
        for (int chunk = 0; chunk < data.Chunks.Count && read < limit; chunk++)
        {
            var part = data.Chunks[chunk];
            if (places is not null && places[read] >= part.FirstRow + part.Rows)
                continue;
            reader.Start(chunk);
            while (read < limit && reader.Read(batch) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                for (int i = 0; i < batch.Rows && read < limit; i++)
                {
                    if (places is not null && places[read] != batch.FirstRow + i)
                        continue;
                    for (int c = 0; c < columns.Count; c++)
                        columns[c].Add(batch.Columns[c], i);
                    read++;
                }
            }
        }
        return read;
    }
}

/// <summary>What a page takes of a table.</summary>
internal sealed record PageTableForm
{
    /// <summary>Which columns to take, of those that are there; null for all.</summary>
    public Func<string, bool>? Columns { get; init; }

    /// <summary>Columns are packed: for tables of many lines.</summary>
    public bool Packed { get; init; }

    /// <summary>Columns of pictures are taken too.</summary>
    public bool Pictures { get; init; }

    /// <summary>Where there is no room for all rows, they are taken at equal distances instead of from the top.</summary>
    public bool Spread { get; init; }
}
