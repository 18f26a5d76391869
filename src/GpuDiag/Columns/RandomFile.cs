using GpuDiag.Columns.Remote;
using Microsoft.Win32.SafeHandles;

namespace GpuDiag.Columns;

/// <summary>A file's bytes by position, from any thread: of this machine, or behind an address.</summary>
internal abstract class RandomFile : IDisposable
{
    internal abstract long Length { get; }

    /// <exception cref="InputException">An address can't be read.</exception>
    /// <exception cref="IOException">There is no such file, or the system refuses it.</exception>
    internal static RandomFile Open(string path) => RemoteName.Is(path) ? new RemoteLease(path) : new LocalFile(path);

    /// <summary>Bytes from a position: as many as there are, at least one unless the file ends there.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="offset">The position.</param>
    /// <param name="likely">Where the reading is likely to go on to: what is far away is fetched in larger pieces.</param>
    internal abstract int Read(Span<byte> to, long offset, long likely = 0);

    /// <summary>Behind an address: it pays to say what is read next.</summary>
    internal virtual bool IsFar => false;

    /// <summary>These ranges are read next. A hint: what is far away is fetched together.</summary>
    internal virtual void Prepare(IReadOnlyList<(long Start, long Length)> ranges)
    {
    }

    /// <summary>Fills the whole span, unless the file ends before; how many bytes there were.</summary>
    internal int ReadFully(Span<byte> to, long offset)
    {
        int done = 0;
        for (int got = 1; done < to.Length && got > 0; done += got)
        {
            got = Read(to[done..], offset + done);
        }

        return done;
    }

    public abstract void Dispose();

    private sealed class LocalFile(string path) : RandomFile
    {
        private readonly SafeFileHandle handle = File.OpenHandle(path);

        internal override long Length => RandomAccess.GetLength(handle);

        internal override int Read(Span<byte> to, long offset, long likely = 0) => RandomAccess.Read(handle, to, offset);

        public override void Dispose() => handle.Dispose();
    }
}
