namespace GpuDiag.Columns.Parquet;

/// <summary>Reads the row groups of a file in batches, whichever library reads the columns.</summary>
/// <param name="leaves">One reader per request, in their order.</param>
/// <param name="owned">What to dispose of last: the open file.</param>
internal sealed class ParquetChunkReader(
    string file, IReadOnlyList<ColumnRequest> requests, IReadOnlyList<ILeafReader> leaves, IReadOnlyList<long> chunkRows, IDisposable owned)
    : IChunkReader
{
    private long left;

    public void Start(int chunk)
    {
        for (int i = 0; i < leaves.Count; i++)
        {
            Guard(i, leaf => leaf.Start(chunk));
        }

        left = chunkRows[chunk];
    }

    public int Read(Batch batch)
    {
        int rows = (int)Math.Min(left, batch.Capacity);
        for (int i = 0; i < leaves.Count && rows > 0; i++)
        {
            try
            {
                leaves[i].Read(batch.Columns[i], rows);
            }
            catch (Exception error) when (ReadFault.Wraps(error))
            {
                throw ReadFault.From(error, file, requests[i].Column);
            }
        }

        if (left > 0 && rows == left)
        {
            for (int i = 0; i < leaves.Count; i++)
            {
                Guard(i, leaf => leaf.End());
            }
        }

        left -= rows;
        batch.Rows = rows;
        return rows;
    }

    public void Dispose()
    {
        foreach (ILeafReader leaf in leaves)
        {
            leaf.Dispose();
        }

        owned.Dispose();
    }

    private void Guard(int leaf, Action<ILeafReader> act)
    {
        try
        {
            act(leaves[leaf]);
        }
        catch (Exception error) when (ReadFault.Wraps(error))
        {
            throw ReadFault.From(error, file, requests[leaf].Column);
        }
    }
}
