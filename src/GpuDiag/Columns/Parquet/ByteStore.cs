namespace GpuDiag.Columns.Parquet;

/// <summary>Copies of byte strings at fixed addresses, until it is cleared.</summary>
internal sealed class ByteStore
{
    private readonly List<byte[]> blocks = [];
    private int block;
    private int used;

    internal unsafe ByteRun Add(ReadOnlySpan<byte> bytes)
    {
        while (block < blocks.Count && blocks[block].Length - used < bytes.Length)
        {
            (block, used) = (block + 1, 0);
        }

        if (block == blocks.Count)
        {
            blocks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(1 << 16, bytes.Length), pinned: true));
        }

        Span<byte> target = blocks[block].AsSpan(used, bytes.Length);
        bytes.CopyTo(target);
        used += bytes.Length;
        return new ByteRun((nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(target)), bytes.Length);
    }

    /// <summary>Forgets all copies and keeps the memory.</summary>
    internal void Clear() => (block, used) = (0, 0);
}
