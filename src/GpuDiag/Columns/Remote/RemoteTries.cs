namespace GpuDiag.Columns.Remote;

/// <summary>Tries again what may pass: with waits that double, of a random length so that many readers do not come back together.</summary>
internal sealed class RemoteTries
{
    /// <summary>Tries in a row without a byte gained.</summary>
    internal const int Most = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private int failures;

    /// <summary>The first wait's greatest length; each further one may be twice as long.</summary>
    internal static TimeSpan FirstWait { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Ends waits, for an answer or for the next try. Of the whole process, as its signals are.</summary>
    internal static CancellationToken Stop { get; set; }

    /// <summary>Bytes came: a connection that breaks off again and again is no fault as long as it brings some.</summary>
    internal void Progress() => failures = 0;

    /// <exception cref="RemoteFault">It does not pass.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Stop"/>.</exception>
    internal void Run(Func<RemoteTries, Task> work)
    {
        while (true)
        {
            Stop.ThrowIfCancellationRequested();
            try
            {
                work(this).GetAwaiter().GetResult();
                return;
            }
            catch (RemoteFault fault) when (Stop.IsCancellationRequested || (fault.Kind == RemoteFaultKind.Passing && ++failures < Most))
            {
                Stop.WaitHandle.WaitOne(Pause(fault.Wait));
            }
        }
    }

    /// <summary>The next bytes of a body; 0 at its end.</summary>
    /// <exception cref="RemoteFault">The connection broke off, or nothing came for long.</exception>
    internal static async Task<int> Next(Stream body, Memory<byte> to)
    {
        using CancellationTokenSource limit = Limit();
        try
        {
            return await body.ReadAsync(to, limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or HttpRequestException)
        {
            throw new RemoteFault(RemoteFaultKind.Passing, fault is OperationCanceledException ? "the server went silent" : "the connection broke off", fault);
        }
    }

    /// <summary>Ends what takes too long, and all when it is to stop.</summary>
    internal static CancellationTokenSource Limit()
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(RemoteFile.Patience);
        return limit;
    }

    private TimeSpan Pause(TimeSpan? asked)
    {
        double most = Math.Min(FirstWait.TotalMilliseconds * (1 << Math.Max(0, failures - 1)), 10_000);
        TimeSpan own = TimeSpan.FromMilliseconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
        return asked is { } wait && wait > own ? (wait < Longest ? wait : Longest) : own;
    }
}
