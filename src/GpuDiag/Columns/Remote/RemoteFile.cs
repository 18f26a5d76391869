namespace GpuDiag.Columns.Remote;

/// <summary>
/// A file behind an address. What is read of it is fetched in ranges and kept in <see cref="RemoteScratch"/>, so that a further pass fetches
/// nothing again; once there is no room left, ranges go straight to the reader, in each pass anew. All bytes are of one version of the file.
/// Safe to use from several threads; two that want the same range at the same time may fetch it twice.
/// </summary>
internal sealed class RemoteFile(string name, string address, RemoteScratch scratch)
{
    /// <summary>The unit that is kept.</summary>
    internal const int Block = 64 << 10;

    /// <summary>The first look: what small files, and the heads of others, are.</summary>
    private const int FirstBytes = 256 << 10;

    /// <summary>The least and the most that is asked for at once.</summary>
    private const int LeastBytes = 256 << 10, MostBytes = 8 << 20;

    /// <summary>Of a column chunk that is read next, so much is fetched ahead.</summary>
    private const long MostAhead = 64L << 20;

    private const int Ahead = 8;

    private readonly IRemoteStore store = RemoteStores.For(address);
    private readonly Lock opening = new();
    private readonly Lock marking = new();
    private ulong[]? kept;
    private long region;
    private long length;
    private string? version;

    /// <summary>How long a server may say nothing.</summary>
    internal static TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    internal string Name => name;

    /// <summary>What went wrong last and for good.</summary>
    internal InputException? Fault { get; private set; }

    internal long Length
    {
        get
        {
            Look();
            return length;
        }
    }

    /// <summary>What tells this content from another; empty where the server does not say.</summary>
    internal string Version
    {
        get
        {
            Look();
            return version!;
        }
    }

    /// <summary>Where its bytes lie in the scratch file, as far as <see cref="Keep"/> brought them there.</summary>
    internal (RemoteScratch Scratch, long Start) Place => (scratch, region);

    /// <summary>Fetches the first bytes and with them the length, once.</summary>
    /// <exception cref="InputException">It can't be read.</exception>
    internal void Look()
    {
        if (Volatile.Read(ref kept) is not null)
        {
            return;
        }

        lock (opening)
        {
            if (kept is null)
            {
                Told(() => new RemoteTries().Run(First));
            }
        }
    }

    internal int Read(Span<byte> to, long offset, long likely)
    {
        Look();
        int bytes = (int)Math.Min(to.Length, length - offset);
        if (bytes <= 0)
        {
            return 0;
        }

        if (!Has(offset, bytes) && !Fits(offset, bytes, likely))
        {
            byte[] direct = new byte[bytes];
            Told(() => Fetch(offset, offset + bytes, direct));
            direct.CopyTo(to);
            return bytes;
        }

        return RandomAccess.Read(scratch.Handle, to[..bytes], region + offset);
    }

    /// <summary>Brings a range into the scratch file.</summary>
    /// <exception cref="InputException">It can't be read, or there is no room.</exception>
    internal void Keep(long offset, long bytes)
    {
        Look();
        if (bytes > 0 && !Has(offset, bytes) && !Fits(offset, bytes, 0))
        {
            throw Fault = new InputException(
                $"{bytes >> 20} MB of it are needed at once, and {scratch.Room >> 20} MB are left for what is fetched", name,
                remedy: $"Give a larger temporary folder (TMPDIR) or {RemoteScratch.Variable}, or copy the file here.");
        }
    }

    /// <summary>Fetches ranges that are read next, several at once, as far as there is room.</summary>
    internal void Prepare(IReadOnlyList<(long Start, long Length)> ranges)
    {
        Look();
        List<(long From, long To)> pieces = [];
        foreach ((long start, long bytes) in ranges.OrderBy(r => r.Start))
        {
            long to = Math.Min(length, start + Math.Min(bytes, MostAhead));
            for (long from = Math.Max(0, start); from < to;)
            {
                bool near = pieces.Count > 0 && from - pieces[^1].To <= LeastBytes && to - pieces[^1].From <= MostBytes;
                long end = near ? to : Math.Min(to, from + MostBytes);
                if (near)
                {
                    pieces[^1] = (pieces[^1].From, Math.Max(end, pieces[^1].To));
                }
                else
                {
                    pieces.Add((from, end));
                }

                from = end;
            }
        }

        pieces.RemoveAll(p => Has(p.From, p.To - p.From));
        if (pieces.Sum(p => p.To - p.From) > scratch.Room)
        {
            return;
        }

        Parallel.ForEach(pieces, new ParallelOptions { MaxDegreeOfParallelism = Ahead }, p =>
        {
            try
            {
                Fits(p.From, p.To - p.From, 0);
            }
            catch (InputException)
            {
                // Told when it is read.
            }
        });
    }

    private bool Has(long offset, long bytes)
    {
        lock (marking)
        {
            for (long block = offset / Block; block * Block < offset + bytes; block++)
            {
                if ((kept![block >> 6] >> (int)(block & 63) & 1) == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Fetches what is missing of a range to the scratch file; false where there is no room.</summary>
    private bool Fits(long offset, long bytes, long likely)
    {
        long from = offset / Block * Block, end = offset + bytes;
        while (from < end && Has(from, 1))
        {
            from += Block;
        }

        long to = Math.Min(length, (Math.Max(end, Math.Min(likely, from + MostBytes)) + Block - 1) / Block * Block);
        to = Math.Min(length, Math.Max(to, from + LeastBytes));
        while (to - Block >= end && Has(to - 1, 1))
        {
            to = (to - 1) / Block * Block;
        }

        if (to - from > scratch.Room)
        {
            return false;
        }

        Told(() => Fetch(from, to, null));
        return true;
    }

    private async Task First(RemoteTries tries)
    {
        using RemoteBody body = await store.Open(address, 0, FirstBytes, null).ConfigureAwait(false);
        if (!body.IsPart && (body.Total < 0 || body.Total > FirstBytes))
        {
            await Whole(body, tries).ConfigureAwait(false);
            return;
        }

        length = body.Total;
        version = body.Version;
        region = scratch.Reserve(length);
        ulong[] none = new ulong[(length / Block / 64) + 1];
        await Copy(body, 0, Math.Min(length, FirstBytes), null, none).ConfigureAwait(false);
        Volatile.Write(ref kept, none);
    }

    /// <summary>A server that gives no parts: all of it, where there is room.</summary>
    private async Task Whole(RemoteBody body, RemoteTries tries)
    {
        long room = scratch.Room;
        InputException TooLarge() => Fault = new InputException(
            $"the server gives no parts of files, and the whole is larger than the {room >> 20} MB that are left for what is fetched", name,
            remedy: $"Give a larger temporary folder (TMPDIR) or {RemoteScratch.Variable}, or copy the file here.");
        if (body.Total > room)
        {
            throw TooLarge();
        }

        region = scratch.Reserve(body.Total >= 0 ? body.Total : room);
        byte[] buffer = new byte[Block];
        long at = 0;
        for (int got; (got = await RemoteTries.Next(body.Content, buffer).ConfigureAwait(false)) > 0; at += got)
        {
            if (at + got > room)
            {
                throw TooLarge();
            }

            RandomAccess.Write(scratch.Handle, buffer.AsSpan(0, got), region + at);
        }

        if (body.Total >= 0 && at != body.Total)
        {
            throw new RemoteFault(RemoteFaultKind.Passing, $"the connection ended after {at} of {body.Total} bytes");
        }

        scratch.Take(at);
        (length, version) = (at, body.Version);
        ulong[] all = new ulong[(length / Block / 64) + 1];
        Array.Fill(all, ulong.MaxValue);
        Volatile.Write(ref kept, all);
    }

    /// <summary>Fetches from … to, and goes on where a connection broke off. To the array where one is given, else to the scratch file.</summary>
    private void Fetch(long from, long to, byte[]? direct)
    {
        long at = from;
        new RemoteTries().Run(async tries =>
        {
            while (at < to)
            {
                using RemoteBody body = await store.Open(address, at, to - at, version).ConfigureAwait(false);
                if (body.Version != version || body.Total != length)
                {
                    throw new RemoteFault(RemoteFaultKind.Changed, "it is another version now");
                }

                if (!body.IsPart || body.Offset != at)
                {
                    throw new RemoteFault(RemoteFaultKind.Refused, "the server gave parts of it before and gives none now");
                }

                long before = at;
                try
                {
                    at = await Copy(body, at, to, direct is null ? (Memory<byte>?)null : direct.AsMemory((int)(at - from)), kept!, got => at = got).ConfigureAwait(false);
                }
                finally
                {
                    if (at > before)
                    {
                        tries.Progress();
                    }
                }
            }
        });
    }

    /// <summary>Takes a body's bytes; <paramref name="progress"/> hears of each whole block.</summary>
    private async Task<long> Copy(RemoteBody body, long at, long to, Memory<byte>? direct, ulong[] marks, Action<long>? progress = null)
    {
        byte[] buffer = new byte[Block];
        long begin = at;
        while (at < to)
        {
            int wanted = (int)Math.Min(Block - (at % Block), to - at), filled = 0;
            while (filled < wanted)
            {
                int got = await RemoteTries.Next(body.Content, buffer.AsMemory(filled, wanted - filled)).ConfigureAwait(false);
                filled += got > 0 ? got : throw new RemoteFault(RemoteFaultKind.Passing, $"the connection ended at byte {at + filled}");
            }

            if (direct is { } target)
            {
                buffer.AsMemory(0, filled).CopyTo(target[(int)(at - begin)..]);
            }
            else
            {
                RandomAccess.Write(scratch.Handle, buffer.AsSpan(0, filled), region + at);
                Mark(marks, at / Block);
            }

            at += filled;
            progress?.Invoke(at);
        }

        return at;
    }

    private void Mark(ulong[] marks, long block)
    {
        lock (marking)
        {
            ulong bit = 1UL << (int)(block & 63);
            if ((marks[block >> 6] & bit) == 0)
            {
                marks[block >> 6] |= bit;
                scratch.Take(Block);
            }
        }
    }

    /// <summary>Runs it, and words what goes wrong.</summary>
    private void Told(Action work)
    {
        try
        {
            work();
        }
        catch (RemoteFault fault)
        {
            throw Fault = Worded(fault, name);
        }
        catch (IOException fault)
        {
            throw Fault = new InputException($"what is fetched can't be kept in the temporary folder: {fault.Message}", name, remedy: $"Give a larger temporary folder (TMPDIR), or less {RemoteScratch.Variable}.", inner: fault);
        }
    }

    /// <summary>What went wrong, for the user.</summary>
    internal static InputException Worded(RemoteFault fault, string name) => fault.Kind switch
    {
        RemoteFaultKind.Missing => new InputException("no such file", name, remedy: "Check the address.", inner: fault) { Unreadable = true },
        RemoteFaultKind.Denied => new InputException($"cannot be read: permission denied ({fault.Message})", name,
            remedy: RemoteName.IsS3(name) ? "Give credentials as for the AWS tools (environment, profile, instance), and this identity s3:GetObject and s3:ListBucket." : "Give an address that may be read, such as a signed one.", inner: fault)
        {
            Unreadable = true,
        },
        RemoteFaultKind.Changed => new InputException("the file changed while it was read", name, remedy: "Run again when it is written; earlier results are as they were.", inner: fault),
        _ => new InputException($"cannot be read: {fault.Message}", name, remedy: "See whether the server is well and this machine reaches it, then run again.", inner: fault) { Unreadable = true },
    };
}
