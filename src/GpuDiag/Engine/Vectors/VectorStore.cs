using GpuDiag.Columns;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// All vectors of one column, row-major float32, so that any row can be read at any time: mapped from the data's file
/// where that holds them so, else copied to memory, else to a scratch file.
/// </summary>
public sealed class VectorStore : IDisposable
{
    private readonly AlignedMemory memory = new();
    private readonly VectorRoom room;
    private readonly Lock gate = new();
    private readonly List<(long First, long Rows)> widthless = [];
    private VectorScratch? scratch;
    private nint pointer;
    private long taken;
    private long nullRows;

    private VectorStore(long rows, VectorRoom room) => (Rows, this.room) = (rows, room);

    /// <summary>Rows of the dataset; a null vector is a row of NaN.</summary>
    public long Rows { get; }

    /// <summary>Dimensions; 0 when the dataset has no rows or every vector is null.</summary>
    public int Width { get; private set; }

    /// <summary>Rows whose vector is null.</summary>
    public long NullRows => nullRows;

    public VectorResidence Residence { get; private set; } = VectorResidence.Memory;

    /// <summary>Bytes of all values.</summary>
    public long Bytes => Rows * Width * sizeof(float);

    public VectorBlock Block => new(pointer, Rows, Width, 0);

    /// <summary>Reads a column. Doubles are rounded to float32; those beyond its range become infinite.</summary>
    /// <param name="data">The dataset. It must stay open as long as the store is used: the values may be in its file.</param>
    /// <param name="column">A list, fixed-size list or attached array column.</param>
    /// <param name="pipeline">Reads the dataset.</param>
    /// <param name="progress">Receives the rows done so far, from any thread.</param>
    /// <param name="room">What a copy may take; null for half of the memory, beyond that the system's temporary folder.</param>
    /// <exception cref="InputException">
    /// The column is missing, no list of numbers, or its lists differ in length; or there is no room on the disk either.
    /// </exception>
    public static VectorStore Read(Dataset data, string column, Pipeline pipeline, Action<long>? progress = null, VectorRoom? room = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(pipeline);
        VectorStore store = new(data.Rows, room ?? new VectorRoom(VectorRoom.DefaultBytes, Path.GetTempPath()));
        try
        {
            if (data.Map(column) is { } mapped)
            {
                (store.pointer, store.Width, store.Residence) = (mapped.Pointer, mapped.Width, VectorResidence.Mapped);
                progress?.Invoke(data.Rows);
                return store;
            }

            int width = data.Fields.FirstOrDefault(f => f.Name == column)?.Width ?? 0;
            pipeline.Run([new ColumnRequest(column, ColumnForm.Matrix)], () => new Worker(store), Math.Max(width, 512) * sizeof(double), progress);
            store.Complete();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        scratch?.Dispose();
        memory.Dispose();
        room.GiveBack(taken);
        taken = 0;
    }

    /// <summary>Finds a place for vectors of this width, when the first comes.</summary>
    private void Place(int width)
    {
        lock (gate)
        {
            if (Width != 0)
            {
                return;
            }

            long bytes = checked(Rows * width * sizeof(float));
            if (room.TryTake(bytes))
            {
                taken = bytes;
                memory.Reserve((nuint)bytes, clear: false);
                pointer = memory.Pointer;
            }
            else
            {
                scratch = new VectorScratch(room.Scratch, bytes);
                Residence = VectorResidence.Scratch;
            }

            Width = width;
        }
    }

    private unsafe void Write(long row, ReadOnlySpan<float> values)
    {
        long position = row * Width * sizeof(float);
        if (scratch is not null)
        {
            scratch.Write(position, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
        }
        else
        {
            values.CopyTo(new Span<float>((byte*)pointer + position, values.Length));
        }
    }

    /// <summary>Batches of nulls that came before a width was known get their rows.</summary>
    private void Complete()
    {
        if (Width == 0)
        {
            return;
        }

        float[] nulls = new float[Width];
        nulls.AsSpan().Fill(float.NaN);
        foreach ((long first, long rows) in widthless)
        {
            for (long row = first; row < first + rows; row++)
            {
                Write(row, nulls);
            }
        }

        pointer = scratch?.Map() ?? pointer;
    }

    private sealed class Worker(VectorStore store) : IBatchWorker
    {
        private float[] rounded = [];

        public void Accept(Batch batch)
        {
            MatrixColumn matrix = (MatrixColumn)batch.Columns[0];
            if (matrix.Width == 0)
            {
                Interlocked.Add(ref store.nullRows, batch.Rows);
                lock (store.gate)
                {
                    store.widthless.Add((batch.FirstRow, batch.Rows));
                }

                return;
            }

            Interlocked.Add(ref store.nullRows, matrix.NullRows);
            store.Place(matrix.Width);
            store.Write(batch.FirstRow, matrix.IsDouble ? Rounded(matrix.Doubles(batch.Rows)) : matrix.Floats(batch.Rows));
        }

        public void Finish()
        {
        }

        public void Dispose()
        {
        }

        private ReadOnlySpan<float> Rounded(ReadOnlySpan<double> values)
        {
            rounded = rounded.Length < values.Length ? new float[values.Length] : rounded;
            for (int i = 0; i < values.Length; i++)
            {
                rounded[i] = (float)values[i];
            }

            return rounded.AsSpan(0, values.Length);
        }
    }
}
