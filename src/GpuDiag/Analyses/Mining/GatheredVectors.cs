using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Mining;

/// <summary>Some rows' vectors, copied side by side: row i is that of the i-th row asked for. NaN where it is null.</summary>
internal sealed unsafe class GatheredVectors : IDisposable
{
    private readonly AlignedMemory memory = new();
    private readonly long rows;

    private GatheredVectors(long rows) => this.rows = rows;

    /// <summary>0 where every vector is null.</summary>
    public int Width { get; private set; }

    public VectorBlock Block => new(memory.Pointer, rows, Width, 0);

    /// <summary>From vectors that can be read at any place.</summary>
    public static GatheredVectors Of(VectorBlock from, IReadOnlyList<long> rows) => Of([(from, rows)]);

    /// <summary>From several blocks of one width, one after another.</summary>
    public static GatheredVectors Of(IReadOnlyList<(VectorBlock From, IEnumerable<long> Rows)> parts)
    {
        (VectorBlock From, long Row)[] all = [.. parts.SelectMany(p => p.Rows.Select(r => (p.From, r)))];
        GatheredVectors gathered = new(all.Length);
        gathered.Reserve(parts[0].From.Width);

        // Rows lie far apart, so that waiting for memory is most of the work.
        Parallel.For(0, all.Length, i => new ReadOnlySpan<float>(all[i].From.Row(all[i].Row), gathered.Width).CopyTo(gathered.Row(i)));

        return gathered;
    }

    /// <summary>From a column, which is read once.</summary>
    /// <param name="column">A list column.</param>
    /// <param name="sorted">Ascending row numbers, each once.</param>
    /// <param name="pipeline">Reads the data.</param>
    public static GatheredVectors Read(string column, long[] sorted, Pipeline pipeline)
    {
        GatheredVectors gathered = new(sorted.Length);
        try
        {
            pipeline.Run([new ColumnRequest(column, ColumnForm.Matrix)], () => new Worker(gathered, sorted), 4096);
            return gathered;
        }
        catch
        {
            gathered.Dispose();
            throw;
        }
    }

    public void Dispose() => memory.Dispose();

    private Span<float> Row(long row) => new((float*)memory.Pointer + (row * Width), Width);

    private void Reserve(int width)
    {
        memory.Reserve(checked((nuint)rows * (nuint)width * sizeof(float)), clear: false);
        Width = width;
    }

    private void Place(int width)
    {
        Reserve(width);
        for (long row = 0; row < rows; row++)
        {
            Row(row).Fill(float.NaN);
        }
    }

    private sealed class Worker(GatheredVectors to, long[] sorted) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            int from = Array.BinarySearch(sorted, batch.FirstRow);
            from = from < 0 ? ~from : from;
            MatrixColumn matrix = (MatrixColumn)batch.Columns[0];
            if (from == sorted.Length || sorted[from] >= batch.FirstRow + batch.Rows || matrix.Width == 0)
            {
                return;
            }

            lock (to)
            {
                if (to.Width == 0)
                {
                    to.Place(matrix.Width);
                }
            }

            for (int i = from; i < sorted.Length && sorted[i] < batch.FirstRow + batch.Rows; i++)
            {
                int at = (int)(sorted[i] - batch.FirstRow) * matrix.Width;
                Span<float> row = to.Row(i);
                for (int d = 0; d < row.Length; d++)
                {
                    row[d] = matrix.IsDouble ? (float)matrix.Doubles(batch.Rows)[at + d] : matrix.Floats(batch.Rows)[at + d];
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
