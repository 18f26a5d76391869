using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Duplicates;

/// <summary>
/// What identifies the text or the image bytes of every row: 128 bits of SHA-256, 16 bytes a row. Two contents that
/// differ have never been found to share them, so equal digests are taken for equal content without another look.
/// </summary>
internal static class ContentDigests
{
    /// <summary>The digest of null and of nothing: no one's duplicate.</summary>
    public static readonly UInt128 None = UInt128.Zero;

    /// <summary>Bytes of a row that batches are sized for: contents come as text, binary ones as hexadecimal digits.</summary>
    private const int RowBytes = 1 << 14;

    /// <summary>Reads a column of text or bytes.</summary>
    public static UInt128[] Read(Dataset data, Field column, Pipeline pipeline, Action<long>? progress)
    {
        UInt128[] digests = new UInt128[data.Rows];
        pipeline.Run([new ColumnRequest(column.Name, ColumnForm.Text)], () => new Worker(digests), RowBytes, progress);
        return digests;
    }

    /// <summary>Joins rows of equal content, of one or two datasets; items of the second are numbered after those of the first.</summary>
    /// <param name="sets">One item per row of both.</param>
    /// <param name="digests">Of the first, then of the second.</param>
    /// <param name="equal">Receives true for every item that has an equal.</param>
    public static void Join(DisjointSets sets, ReadOnlySpan<UInt128> digests, bool[] equal)
    {
        UInt128[] sorted = digests.ToArray();
        int[] items = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, items);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1] && sorted[i] != None)
            {
                sets.Join(items[i - 1], items[i]);
                equal[items[i - 1]] = equal[items[i]] = true;
            }
        }
    }

    private sealed class Worker(UInt128[] digests) : IBatchWorker
    {
        public void Accept(Batch batch)
        {
            string?[] values = ((TextColumn)batch.Columns[0]).Values;
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            for (int i = 0; i < batch.Rows; i++)
            {
                if (!string.IsNullOrEmpty(values[i]))
                {
                    SHA256.HashData(MemoryMarshal.AsBytes(values[i].AsSpan()), hash);
                    digests[batch.FirstRow + i] = MemoryMarshal.Read<UInt128>(hash);
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
