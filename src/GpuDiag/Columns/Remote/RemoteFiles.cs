namespace GpuDiag.Columns.Remote;

/// <summary>
/// The remote files in use. Each is one object however many readers it has, so all of them read one version of it, and share what was fetched,
/// from pass to pass, for as long as one of them is open.
/// </summary>
internal static class RemoteFiles
{
    /// <summary>So many at once are opened ahead.</summary>
    private const int Together = 16;

    private static readonly Dictionary<string, (RemoteFile File, int Users)> Open = new(StringComparer.Ordinal);
    private static RemoteScratch? scratch;

    /// <summary>
    /// Opens all ahead, some at once: a first look at thousands of objects is not one after another. By threads of their own, since answers arrive on those of
    /// the pool, which must not all be waiting for them. Faults are told by who reads them.
    /// </summary>
    internal static void Warm(IReadOnlyList<RemoteLease> leases)
    {
        int next = -1;
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(Together, leases.Count)).Select(i => new Thread(Look) { IsBackground = true, Name = $"open {i}" })];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        void Look()
        {
            for (int i = Interlocked.Increment(ref next); i < leases.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    leases[i].Look();
                }
                catch (Exception)
                {
                }
            }
        }
    }

    /// <summary>How many are in use.</summary>
    internal static int Count
    {
        get
        {
            lock (Open)
            {
                return Open.Count;
            }
        }
    }

    internal static RemoteFile Take(string name)
    {
        lock (Open)
        {
            if (Open.TryGetValue(name, out var entry))
            {
                Open[name] = entry with { Users = entry.Users + 1 };
                return entry.File;
            }

            RemoteFile file = new(name, RemoteName.Address(name), scratch ??= new RemoteScratch());
            Open.Add(name, (file, 1));
            return file;
        }
    }

    internal static void Give(RemoteFile file)
    {
        lock (Open)
        {
            int users = Open[file.Name].Users - 1;
            if (users > 0)
            {
                Open[file.Name] = (file, users);
                return;
            }

            Open.Remove(file.Name);
            if (Open.Count == 0)
            {
                scratch?.Dispose();
                scratch = null;
            }
        }
    }

    /// <summary>What went wrong with a remote file, where a library between lost it; null where nothing did.</summary>
    internal static InputException? FaultOf(string name)
    {
        lock (Open)
        {
            return Open.TryGetValue(name, out var entry) ? entry.File.Fault : null;
        }
    }
}

/// <summary>A remote file as one of its users has it.</summary>
internal sealed class RemoteLease : RandomFile
{
    private RemoteFile? file;

    internal RemoteLease(string name) => file = RemoteFiles.Take(name);

    internal override long Length => File.Length;

    internal RemoteFile File => file ?? throw new ObjectDisposedException(nameof(RemoteLease));

    internal void Look() => File.Look();

    internal override int Read(Span<byte> to, long offset, long likely = 0) => File.Read(to, offset, likely);

    internal override bool IsFar => true;

    internal override void Prepare(IReadOnlyList<(long Start, long Length)> ranges) => File.Prepare(ranges);

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref file, null) is { } held)
        {
            RemoteFiles.Give(held);
        }
    }
}
