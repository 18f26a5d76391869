using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Reports;
using GpuDiag.Reports.Tables;
using GpuDiag.Scoring.Models;
using GpuDiag.Scoring.Rows;
using Parquet;
using Parquet.Schema;

namespace GpuDiag.Scoring.Heads;

/// <summary>Predictions of a head as Parquet that <c>scan</c> reads: the same rows give the same bytes.</summary>
internal static class HeadTables
{
    private const int GroupBytes = 32 << 20, MostGroupRows = 1 << 16;

    /// <summary>Columns of the old model, which would be taken for the new head's.</summary>
    private static readonly string[] Old = [.. RoleNames.Pred, .. RoleNames.Probs, "confidence", "conf", "score"];

    /// <summary>Training rows: id, label, split, source, pred, probs, embedding.</summary>
    /// <param name="stream">Written from its start.</param>
    /// <param name="table">The rows.</param>
    /// <param name="probabilities">Out of fold, rows × classes.</param>
    /// <param name="cancel">Stops it.</param>
    public static unsafe void WriteTrain(Stream stream, TrainingTable table, float[] probabilities, CancellationToken cancel)
    {
        int classes = table.Classes.Count, width = table.Block.Width;
        int most = GroupRows(table.Labels.Length, (4 * (classes + width)) + 128);
        TextPart id = new("id", most), label = new("label", most), split = new("split", most), source = new("source", most), pred = new("pred", most);
        ListPart<float> probs = new("probs", classes, most), embedding = new("embedding", width, most);
        Write(stream, table.Labels.Length, most, [id, label, split, source, pred, probs, embedding], (first, rows) =>
        {
            for (int i = 0; i < rows; i++)
            {
                int row = (int)first + i;
                (id.Values[i], label.Values[i], split.Values[i]) = (table.Ids[row], table.Classes[table.Labels[row]], "train");
                source.Values[i] = row < table.FirstNew ? "train" : "new";
                var own = probabilities.AsSpan(row * classes, classes);
                own.CopyTo(probs.Set(i));
                pred.Values[i] = table.Classes[Best(own)];
                new ReadOnlySpan<float>(table.Block.Row(row), width).CopyTo(embedding.Set(i));
            }
        }, cancel);
    }

    /// <summary>Columns of the data that stand beside predictions: all but those of the old model.</summary>
    public static IReadOnlyList<CarriedColumn> Carried(Dataset data) =>
        [.. data.Fields.Where(f => !Old.Contains(f.Name, StringComparer.OrdinalIgnoreCase)).Select(f => CarriedColumn.Of(f, IsList(f) ? InputResolver.WidthOf(data, f) : 0))];

    /// <summary>The rows of a dataset with predictions.</summary>
    /// <param name="stream">Written from its start.</param>
    /// <param name="data">Whose columns are carried.</param>
    /// <param name="classes">Names.</param>
    /// <param name="probabilities">Rows × classes; NaN for rows without a prediction.</param>
    /// <param name="cancel">Stops it.</param>
    public static void WriteTest(Stream stream, Dataset data, IReadOnlyList<string> classes, float[] probabilities, CancellationToken cancel)
    {
        var carried = Carried(data);
        ColumnRequest[] requests = [.. carried.Select(c => new ColumnRequest(c.Field.Name, c.Form))];
        int rowBytes = carried.Sum(c => c.RowBytes) + (4 * classes.Count) + 32;
        using var batch = new Batch(requests, 4096);
        using var reader = data.Open(requests);
        int chunk = -1, at = 0;
        batch.Rows = 0;
        int most = GroupRows(data.Rows, rowBytes);
        PartColumn[] parts = [.. carried.Select(c => c.Make(most))];
        TextPart pred = new("pred", most);
        ListPart<float> probs = new("probs", classes.Count, most);
        Write(stream, data.Rows, most, [.. parts, pred, probs], (first, rows) =>
        {
            for (int done = 0; done < rows;)
            {
                if (at == batch.Rows)
                {
                    at = 0;
                    while (chunk < 0 || reader.Read(batch) == 0)
                        reader.Start(++chunk);
                }
                int count = Math.Min(rows - done, batch.Rows - at);
                for (int c = 0; c < parts.Length; c++)
                    carried[c].Copy(batch.Columns[c], at, count, parts[c], done);
                (done, at) = (done + count, at + count);
            }
            for (int i = 0; i < rows; i++)
            {
                var row = probabilities.AsSpan(checked((int)(first + i) * classes.Count), classes.Count);
                if (float.IsNaN(row[0]))
                    continue;
                row.CopyTo(probs.Set(i));
                pred.Values[i] = classes[Best(row)];
            }
        }, cancel);
    }

    /// <summary>The first of the greatest.</summary>
    public static int Best(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int k = 1; k < row.Length; k++)
            best = row[k] > row[best] ? k : best;
        return best;
    }

    private static bool IsList(Columns.Field field) => field.Type is FieldType.Float32List or FieldType.Float64List;

    private static int GroupRows(long rows, int rowBytes) => (int)Math.Min(Math.Max(1, rows), Math.Clamp(GroupBytes / rowBytes, 256, MostGroupRows));

    private static void Write(Stream stream, long rows, int groupRows, PartColumn[] columns, Action<long, int> fill, CancellationToken cancel)
        => WriteAsync(stream, rows, groupRows, columns, fill, cancel).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream stream, long rows, int groupRows, PartColumn[] columns, Action<long, int> fill, CancellationToken cancel)
    {
        var schema = new ParquetSchema(columns.Select(c => c.Field).ToArray());
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, TableEncoding.Options, cancellationToken: cancel);
        writer.CustomMetadata = ProgramVersion.Metadata;
        for (long first = 0; first < rows; first += groupRows)
        {
            cancel.ThrowIfCancellationRequested();
            int count = (int)Math.Min(groupRows, rows - first);
            foreach (var column in columns)
                column.Clear();
            fill(first, count);
            using var rowGroup = writer.CreateRowGroup();
            foreach (var column in columns)
                await column.Write(rowGroup, count, cancel);
        }
    }
}
