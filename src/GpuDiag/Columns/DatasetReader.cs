using GpuDiag.Columns.Npy;

namespace GpuDiag.Columns;

/// <summary>
/// Reads chunks of a dataset for one thread: opens a file when a chunk of it comes, closes it at the next file's.
/// Sidecar columns follow by row.
/// </summary>
public sealed class DatasetReader : IDisposable
{
    private readonly Dataset data;
    private readonly ColumnRequest[] stored;
    private readonly int[] storedAt;
    private readonly (int At, NpyReader Reader, NpyFile File)[] beside;
    private ISource? source;
    private bool ownsSource;
    private IChunkReader? reader;
    private int file = -1;
    private Batch? outer;
    private Batch? inner;
    private DatasetChunk? chunk;
    private long row;

    internal DatasetReader(Dataset data, IReadOnlyList<ColumnRequest> columns)
    {
        this.data = data;
        List<(int, NpyReader, NpyFile)> sidecars = [];
        List<int> own = [];
        for (int i = 0; i < columns.Count; i++)
        {
            if (data.Sidecar(columns[i].Column) is { } npy)
            {
                sidecars.Add((i, new NpyReader(npy, columns[i]), npy));
            }
            else
            {
                own.Add(i);
            }
        }

        beside = [.. sidecars];
        storedAt = [.. own];
        stored = [.. own.Select(i => columns[i])];
    }

    /// <summary>Positions at the first row of a chunk of <see cref="Dataset.Chunks"/>, any chunk, any order.</summary>
    public void Start(int index)
    {
        chunk = data.Chunks[index];
        row = chunk.FirstRow;
        if (stored.Length == 0)
        {
            return;
        }

        if (chunk.File != file || reader is null)
        {
            Close();
            source = data.Source(chunk.File, out ownsSource);
            reader = source.Open(stored);
            file = chunk.File;
        }

        reader.Start(chunk.Chunk);
    }

    /// <summary>The next rows of the chunk, in the order of the requests; 0 at its end. Sets the batch's first row.</summary>
    /// <exception cref="InputException">The data is damaged, or a list has another length than in the files before.</exception>
    public int Read(Batch batch)
    {
        long left = chunk!.FirstRow + chunk.Rows - row;
        int rows = (int)Math.Min(left, batch.Capacity);
        batch.FirstRow = row;
        batch.Rows = rows;
        if (stored.Length > 0)
        {
            rows = ReadStored(batch, rows);
        }

        foreach ((int at, NpyReader npy, _) in beside)
        {
            npy.Read(batch.Columns[at], row, rows);
        }

        row += rows;
        return rows;
    }

    public void Dispose() => Close();

    private int ReadStored(Batch batch, int rows)
    {
        if (beside.Length == 0)
        {
            inner = batch;
        }
        else if (!ReferenceEquals(outer, batch))
        {
            inner = new Batch([.. storedAt.Select(i => batch.Columns[i])], batch.Capacity);
        }

        outer = batch;
        int read = reader!.Read(inner!);
        if (read != rows)
        {
            throw ReadFault.Corrupt($"yields {read} rows where {rows} were due", source!.Path);
        }

        for (int i = 0; i < stored.Length && rows > 0; i++)
        {
            if (inner!.Columns[i] is MatrixColumn { Width: > 0 and int width } && !data.Width(stored[i].Column).Settle(width))
            {
                throw new InputException(
                    $"has lists of {width} values where other files have {data.Width(stored[i].Column).Value}",
                    source!.Path, stored[i].Column, "Give every row a list of one length, or null.");
            }
        }

        return rows;
    }

    private void Close()
    {
        reader?.Dispose();
        reader = null;
        if (ownsSource)
        {
            source?.Dispose();
        }

        source = null;
    }
}
