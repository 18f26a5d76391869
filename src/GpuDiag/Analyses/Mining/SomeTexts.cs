using System.Collections.Concurrent;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Mining;

/// <summary>The values of a column in a few rows, as text.</summary>
internal static class SomeTexts
{
    /// <summary>Reads the column once.</summary>
    /// <param name="column">Any scalar column; null for none.</param>
    /// <param name="rows">The rows asked for.</param>
    /// <param name="pipeline">Reads the data.</param>
    /// <returns>By row; rows whose value is null are not in it.</returns>
    public static IReadOnlyDictionary<long, string> Read(Field? column, IEnumerable<long> rows, Pipeline pipeline)
    {
        ConcurrentDictionary<long, string> found = [];
        long[] sorted = [.. rows.Distinct().Order()];
        if (column is not null && sorted.Length > 0)
        {
            pipeline.Run([new ColumnRequest(column.Name, ColumnForm.Text)], () => new Worker(sorted, found), 64);
        }

        return found;
    }

    private sealed class Worker(long[] sorted, ConcurrentDictionary<long, string> found) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            int at = Array.BinarySearch(sorted, batch.FirstRow);
            for (at = at < 0 ? ~at : at; at < sorted.Length && sorted[at] < batch.FirstRow + batch.Rows; at++)
            {
                if (((TextColumn)batch.Columns[0]).Values[sorted[at] - batch.FirstRow] is { } text)
                {
                    found[sorted[at]] = text;
                }
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
