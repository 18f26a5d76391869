using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Scoring.Heads;

/// <summary>A whole column as text.</summary>
internal static class AllTexts
{
    /// <summary>By row; null where the value is null, and everywhere without a column.</summary>
    public static string?[] Read(Dataset data, Field? column, Pipeline pipeline)
    {
        string?[] all = new string?[data.Rows];
        if (column is not null)
            pipeline.Run([new ColumnRequest(column.Name, ColumnForm.Text)], () => new Worker(all), 64);
        return all;
    }

    private sealed class Worker(string?[] to) : IBatchWorker
    {
        // Equal texts are one object: a million labels are a few names.
        private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

        public void Accept(Batch batch)
        {
            string?[] values = ((TextColumn)batch.Columns[0]).Values;
            for (int i = 0; i < batch.Rows; i++)
            {
                if (values[i] is not string text)
                    continue;
                if (!known.TryGetValue(text, out string? one))
                {
                    one = text;
                    if (known.Count < 1 << 16)
                        known.Add(text, text);
                }
                to[batch.FirstRow + i] = one;
            }
        }

        public void Finish()
        {
        }

        public void Dispose()
        {
        }
    }
}
