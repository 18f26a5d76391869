using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Gallery;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>Reads what the gallery shows of its rows: id, split, text and metadata.</summary>
internal sealed class GalleryReader
{
    /// <summary>Characters of a text, and of a value of metadata, at most.</summary>
    public const int MostText = 2000, MostValue = 200;

    private readonly GalleryChoice choice;
    private readonly MetaColumns meta;
    private readonly int threads;
    private readonly CancellationToken cancel;
    private readonly GalleryRow[] rows;

    private GalleryReader(GalleryChoice choice, MetaColumns meta, int threads, CancellationToken cancel)
    {
        this.choice = choice;
        this.meta = meta;
        this.threads = threads;
        this.cancel = cancel;
        rows = new GalleryRow[choice.Picks.Count];
    }

    /// <param name="choice">The rows.</param>
    /// <param name="meta">The metadata that they carry.</param>
    /// <param name="data">The data, and its roles.</param>
    /// <param name="train">The training set; null for none.</param>
    /// <param name="lines">Says what is known of a row of the data.</param>
    /// <param name="threads">Threads that may read.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <returns>In the order of the choice.</returns>
    public static IReadOnlyList<GalleryRow> Read(
        GalleryChoice choice, MetaColumns meta, (Dataset Data, Roles Roles) data, TrainSet? train, RowLines lines, int threads, CancellationToken cancel)
    {
        GalleryReader reader = new(choice, meta, threads, cancel);
        reader.Read(false, data.Data, (data.Roles.Id, data.Roles.Split, data.Roles.Text), lines);
        if (train is not null)
        {
            // What analyses note of a row by its number is said of rows of the data alone.
            reader.Read(true, train.Data, (train.Roles.Id, null, train.Roles.Text), lines.WithoutNotes());
        }

        return reader.rows;
    }

    private void Read(bool isTrain, Dataset data, (Field? Id, Field? Split, Field? Text) roles, RowLines lines)
    {
        int[] places = [.. Enumerable.Range(0, choice.Picks.Count).Where(i => choice.Picks[i].IsTrain == isTrain).OrderBy(i => choice.Picks[i].Row.Row)];
        List<ColumnRequest> requests = [];
        int id = Place(roles.Id), split = Place(roles.Split), text = Place(roles.Text);
        int[] columns = [.. meta.Fields.Select(f => Place(data.Fields.FirstOrDefault(own => own.Name == f.Name && FormRules.Allows(own.Type, ColumnForm.Text))))];
        if (requests.Count == 0)
        {
            Array.ForEach(places, p => rows[p] = Line(choice.Picks[p], lines, null, null));
            return;
        }

        ChosenRows.Read(data, requests, [.. places.Select(p => choice.Picks[p].Row.Row)], 1 << 12, threads, (at, batch, row) => rows[places[at]] =
            Line(choice.Picks[places[at]], lines, Value(batch, id, row), Value(batch, split, row)) with
            {
                Text = Cut(Value(batch, text, row), MostText),
                Meta = [.. columns.Select(c => Cut(Value(batch, c, row), MostValue))],
            }, cancel);

        int Place(Field? field)
        {
            if (field is null)
            {
                return -1;
            }

            requests.Add(new ColumnRequest(field.Name, ColumnForm.Text));
            return requests.Count - 1;
        }
    }

    private GalleryRow Line(GalleryPick pick, RowLines lines, string? id, string? split)
    {
        RowResult line = lines.Of(pick.Row, id, split);
        if (pick.Evidence is { } evidence)
        {
            line = line with { Cause = CauseNames.Name(evidence.Primary), Evidence = evidence.ToString() };
        }

        return new GalleryRow(pick.IsTrain ? "train" : "data", pick.Groups.ConvertAll(g => choice.Groups[g].Name), pick.Ranks, line, new string?[meta.Fields.Count]);
    }

    private static string? Value(Batch batch, int column, int row) => column < 0 ? null : ((TextColumn)batch.Columns[column]).Values[row];

    /// <summary>At most so many characters, the last an ellipsis where some are left out; no character is cut in two.</summary>
    private static string? Cut(string? text, int most)
    {
        if (text is null || text.Length <= most)
        {
            return text;
        }

        int end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
