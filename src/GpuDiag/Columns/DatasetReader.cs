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

    /// <summary>The row of the dataset that <see cref="Read"/> gives next.</summary>
    public long NextRow => row;

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
    public int Read(Batch batch) => Next(batch, keep: true);

    /// <summary>As <see cref="Read"/>, but what the batch's columns hold after it means nothing.</summary>
    public int Skip(Batch batch) => Next(batch, keep: false);

    public void Dispose() => Close();

    private int Next(Batch batch, bool keep)
    {
        long left = chunk!.FirstRow + chunk.Rows - row;
        int rows = (int)Math.Min(left, batch.Capacity);
        batch.FirstRow = row;
        batch.Rows = rows;
        if (stored.Length > 0)
        {
            rows = ReadStored(batch, rows, keep);
        }

        for (int i = 0; i < beside.Length && keep; i++)
        {
            beside[i].Reader.Read(batch.Columns[beside[i].At], row, rows);
        }

        row += rows;
        return rows;
    }

    private int ReadStored(Batch batch, int rows, bool keep)
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
        int read = keep ? reader!.Read(inner!) : reader!.Skip(inner!);
        if (read != rows)
        {
            throw ReadFault.Corrupt($"yields {read} rows where {rows} were due", source!.Path);
        }

        for (int i = 0; i < stored.Length && rows > 0 && keep; i++)
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
