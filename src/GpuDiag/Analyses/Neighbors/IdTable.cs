using System.IO.Hashing;
using System.Text;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Neighbors;

/// <summary>The id of every row, as UTF-8 in a few large arrays: some 20 bytes a row beside the text itself.</summary>
internal sealed class IdTable
{
    private readonly List<Run> runs = [];

    private IdTable()
    {
    }

    /// <summary>Reads a column of ids.</summary>
    /// <exception cref="InputException">A row has no id, or one that another row has: a table keyed by ids would lie.</exception>
    public static IdTable Read(Dataset data, string column, Pipeline pipeline, Action<long>? progress = null)
    {
        IdTable table = new();
        pipeline.Run([new ColumnRequest(column, ColumnForm.Text)], () => new Worker(table), 64, progress);
        table.runs.Sort((a, b) => a.FirstRow.CompareTo(b.FirstRow));
        if (table.runs.Find(r => r.Null >= 0) is { } empty)
        {
            long row = empty.FirstRow + empty.Null;
            throw new InputException($"row {row - FileOf(data, row).FirstRow} has no id", FileOf(data, row).Path, column, "Give every row an id, or name another column with --id.");
        }

        if (table.Repeat(data.Rows) is var (first, second))
        {
            throw new InputException(
                $"the id '{table[first]}' is there twice, in row {first - FileOf(data, first).FirstRow} of {FileOf(data, first).Path} and in row {second - FileOf(data, second).FirstRow}",
                FileOf(data, second).Path,
                column,
                "Give every row an id of its own, name another column with --id, or say --id none to have row numbers.");
        }

        return table;
    }

    public string this[long row]
    {
        get
        {
            Run run = Find(row);
            return Encoding.UTF8.GetString(run.Id((int)(row - run.FirstRow)));
        }
    }

    private static DataFile FileOf(Dataset data, long row) => data.Files.Last(f => f.FirstRow <= row && f.Rows > 0);

    private Run Find(long row)
    {
        int low = 0, high = runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = runs[middle].FirstRow <= row ? (middle, high) : (low, middle - 1);
        }

        return runs[low];
    }

    /// <summary>The first row whose id an earlier row has, and that row. Ids of one hash are compared in full.</summary>
    private (long First, long Second)? Repeat(long rows)
    {
        ulong[] hashes = new ulong[rows];
        long[] order = new long[rows];
        foreach (Run run in runs)
        {
            for (int i = 0; i < run.Rows; i++)
            {
                hashes[run.FirstRow + i] = XxHash3.HashToUInt64(run.Id(i));
                order[run.FirstRow + i] = run.FirstRow + i;
            }
        }

        Array.Sort(hashes, order);
        (long First, long Second)? found = null;
        for (int start = 0, end; start < hashes.Length; start = end)
        {
            for (end = start + 1; end < hashes.Length && hashes[end] == hashes[start]; end++)
            {
            }

            if (end - start > 1 && RepeatIn(order.AsSpan(start, end - start)) is { } repeat && (found is null || repeat.Second < found.Value.Second))
            {
                found = repeat;
            }
        }

        return found;
    }

    /// <summary>The same among rows whose ids have one hash.</summary>
    private (long First, long Second)? RepeatIn(Span<long> rows)
    {
        rows.Sort();
        List<long> different = [];
        foreach (long row in rows)
        {
            foreach (long earlier in different)
            {
                if (Bytes(earlier).SequenceEqual(Bytes(row)))
                {
                    return (earlier, row);
                }
            }

            different.Add(row);
        }

        return null;
    }

    private ReadOnlySpan<byte> Bytes(long row)
    {
        Run run = Find(row);
        return run.Id((int)(row - run.FirstRow));
    }

    /// <summary>The ids of one batch.</summary>
    private sealed class Run(long firstRow, int[] ends, byte[] text, int firstNull)
    {
        public long FirstRow => firstRow;

        public int Rows => ends.Length;

        /// <summary>Position of the first row without an id, or −1.</summary>
        public int Null => firstNull;

        public ReadOnlySpan<byte> Id(int position)
        {
            int start = position == 0 ? 0 : ends[position - 1];
            return text.AsSpan(start, ends[position] - start);
        }
    }

    private sealed class Worker(IdTable table) : IBatchWorker
    {
        private readonly List<Run> mine = [];
        private byte[] buffer = new byte[1 << 16];

        public void Accept(Batch batch)
        {
            string?[] values = ((TextColumn)batch.Columns[0]).Values;
            int[] ends = new int[batch.Rows];
            int length = 0, firstNull = -1;
            for (int i = 0; i < ends.Length; i++)
            {
                firstNull = values[i] is null && firstNull < 0 ? i : firstNull;
                string text = values[i] ?? "";
                if (buffer.Length - length < Encoding.UTF8.GetMaxByteCount(text.Length))
                {
                    Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + Encoding.UTF8.GetMaxByteCount(text.Length)));
                }

                length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
                ends[i] = length;
            }

            mine.Add(new Run(batch.FirstRow, ends, buffer[..length], firstNull));
        }

        public void Finish()
        {
            lock (table.runs)
            {
                table.runs.AddRange(mine);
            }
        }

        public void Dispose()
        {
        }
    }
}
