namespace GpuDiag.Engine.Vectors;

/// <summary>Memory that all vector stores of a run may take together, and where those go that do not fit.</summary>
/// <param name="bytes">Memory for copies. Stores mapped from files take none of it.</param>
/// <param name="scratch">A folder for scratch files; they are gone when the process is.</param>
public sealed class VectorRoom(long bytes, string scratch)
{
    private long left = bytes;

    public string Scratch { get; } = scratch;

    /// <summary>Half of the memory that this process may use, its container's limit included.</summary>
    public static long DefaultBytes => AvailableMemory.Bytes / 2;

    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref left, -bytes) >= 0)
        {
            return true;
        }

        GiveBack(bytes);
        return false;
    }

    internal void GiveBack(long bytes) => Interlocked.Add(ref left, bytes);
}
