namespace GpuDiag.Columns.Arrow;

/// <summary>Reads record batches, for one thread.</summary>
/// <param name="places">Of each request, the field's index in the schema.</param>
internal sealed class ArrowChunkReader(
    string path, MappedFile file, ArrowIndex index, IReadOnlyList<ColumnRequest> requests, int[] places, IReadOnlyList<IArrowColumn> columns)
    : IChunkReader
{
    private readonly List<AlignedMemory> memory = [];
    private long row;
    private long end;

    public void Start(int chunk)
    {
        Release();
        ArrowBlock block = index.Batches[chunk];
        for (int i = 0; i < columns.Count; i++)
        {
            try
            {
                FlatTable batch = index.Message(block).Table(2);
                columns[i].Start(ArrowBody.Find(file, block, batch, index.Fields, places[i], memory), chunk);
            }
            catch (Exception error) when (ReadFault.Wraps(error))
            {
                throw ReadFault.From(error, path, requests[i].Column);
            }
        }

        (row, end) = (0, index.Rows[chunk]);
    }

    public int Read(Batch batch)
    {
        file.EnsureWhole();
        int rows = (int)Math.Min(batch.Capacity, end - row);
        for (int i = 0; i < columns.Count && rows > 0; i++)
        {
            try
            {
                columns[i].Read(batch.Columns[i], row, rows);
            }
            catch (Exception error) when (ReadFault.Wraps(error))
            {
                throw ReadFault.From(error, path, requests[i].Column);
            }
        }

        row += rows;
        batch.Rows = rows;
        return rows;
    }

    public void Dispose() => Release();

    private void Release()
    {
        memory.ForEach(m => m.Dispose());
        memory.Clear();
    }
}
