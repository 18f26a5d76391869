using GpuDiag.Columns;

namespace GpuDiag.Engine.Vectors;

/// <summary>All vectors of one column, row-major float32, so that any row can be read at any time.</summary>
public sealed unsafe class VectorStore : IDisposable
{
    private readonly AlignedMemory memory = new();

    private VectorStore(long rows) => Rows = rows;

    /// <summary>Rows of the dataset; a null vector is a row of NaN.</summary>
    public long Rows { get; }

    /// <summary>Dimensions; 0 when the dataset has no rows or every vector is null.</summary>
    public int Width { get; private set; }

    public VectorBlock Block => new(memory.Pointer, Rows, Width, 0);

    /// <summary>Reads a column. Doubles are rounded to float32.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="column">A list, fixed-size list or attached array column.</param>
    /// <param name="pipeline">Reads the dataset.</param>
    /// <param name="progress">Receives the rows done so far, from any thread.</param>
    /// <exception cref="InputException">The column is missing, no list of numbers, or its lists differ in length.</exception>
    public static VectorStore Read(Dataset data, string column, Pipeline pipeline, Action<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(pipeline);
        VectorStore store = new(data.Rows);
        pipeline.Run([new ColumnRequest(column, ColumnForm.Matrix)], () => new Worker(store), 4096, progress);
        return store;
    }

    public void Dispose() => memory.Dispose();

    private void Place(int width)
    {
        lock (memory)
        {
            if (Width == 0)
            {
                memory.Reserve((nuint)Rows * (nuint)width * sizeof(float));
                float* values = (float*)memory.Pointer;
                for (long i = 0; i < Rows * width; i++)
                {
                    values[i] = float.NaN;
                }

                Width = width;
            }
        }
    }

    private sealed class Worker(VectorStore store) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            MatrixColumn matrix = (MatrixColumn)batch.Columns[0];
            if (matrix.Width == 0)
            {
                return;
            }

            store.Place(matrix.Width);
            float* to = (float*)store.memory.Pointer + (batch.FirstRow * matrix.Width);
            int values = batch.Rows * matrix.Width;
            if (matrix.IsDouble)
            {
                Span<double> from = matrix.Doubles(batch.Rows);
                for (int i = 0; i < values; i++)
                {
                    to[i] = (float)from[i];
                }
            }
            else
            {
                matrix.Floats(batch.Rows).CopyTo(new Span<float>(to, values));
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
