namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>
/// A window that slides forward over one column chunk, so that memory does not grow with the chunk.
/// Reads by position: files may be shared between threads. 64 bytes past the window are readable.
/// </summary>
internal sealed unsafe class ChunkWindow(RandomFile file) : IDisposable
{
    /// <summary>Small enough to stay in a core's second-level cache beside the page that is made of it.</summary>
    private const int ReadBytes = 512 << 10;

    private readonly AlignedMemory memory = new();
    private long chunkEnd;

    /// <summary>Offset in the file of the next byte to come out.</summary>
    private long next;
    private int begin;
    private int end;

    /// <summary>Bytes of the chunk not yet taken.</summary>
    public long Left => chunkEnd - next;

    public void Start(long offset, long length)
    {
        (next, chunkEnd) = (offset, offset + length);
        begin = end = 0;
    }

    /// <summary>The next bytes: at least <paramref name="bytes"/>, or all that are left.</summary>
    public ReadOnlySpan<byte> Peek(int bytes)
    {
        int wanted = (int)Math.Min(bytes, Left);
        if (end - begin < wanted)
        {
            Fill(wanted);
        }

        return memory.Span<byte>(end)[begin..];
    }

    /// <summary>Takes the next bytes; they stay where they are until the next call.</summary>
    /// <exception cref="InvalidDataException">The chunk has fewer.</exception>
    public byte* Take(int bytes)
    {
        if (bytes < 0 || bytes > Left)
        {
            throw new InvalidDataException($"a page of {bytes} bytes where the column chunk has {Left} left");
        }

        Peek(bytes);
        byte* taken = (byte*)memory.Pointer + begin;
        begin += bytes;
        next += bytes;
        return taken;
    }

    public void Dispose() => memory.Dispose();

    private void Fill(int wanted)
    {
        int kept = end - begin;
        int size = (int)Math.Min(Math.Max(wanted, ReadBytes), Left);
        if ((nuint)size > memory.Bytes)
        {
            // Growing loses what is kept: it is read again.
            memory.Reserve((nuint)size);
            kept = 0;
        }
        else
        {
            memory.Span<byte>(end).Slice(begin, kept).CopyTo(memory.Span<byte>(kept));
        }

        (begin, end) = (0, kept);
        Span<byte> space = memory.Span<byte>(size);
        while (end < size)
        {
            int got = file.Read(space[end..], next + end, chunkEnd);
            end += got > 0 ? got : throw new InvalidDataException($"the file ends at {next + end}, inside a column chunk");
        }
    }
}
