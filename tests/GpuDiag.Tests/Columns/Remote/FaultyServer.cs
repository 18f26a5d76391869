using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GpuDiag.Tests.Columns.Remote;

/// <summary>
/// A web server on this machine that serves files by ranges, and an S3 of one bucket at the same paths; with the faults that real ones have.
/// </summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> requests = new();
    private readonly CancellationTokenSource closing = new();
    private long sent;
    private int count;

    public FaultyServer()
    {
        listener.Start();
        _ = Task.Run(Accept);
    }

    public string Root => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Gives ranges, as nearly all servers do.</summary>
    public bool Ranges { get; set; } = true;

    /// <summary>Says how long bodies are.</summary>
    public bool Lengths { get; set; } = true;

    /// <summary>Every so many requests one is answered by 503; 0 for none.</summary>
    public int BusyEvery { get; set; }

    /// <summary>Every so many requests one loses its connection within the body; 0 for none.</summary>
    public int CutEvery { get; set; }

    /// <summary>Bytes of a body that is cut.</summary>
    public int CutAfter { get; set; } = 5000;

    /// <summary>Answers all requests by this status; 0 for none.</summary>
    public int Always { get; set; }

    /// <summary>Takes every request and answers none.</summary>
    public bool IsSilent { get; set; }

    public string ETag { get; set; } = "\"one\"";

    /// <summary>The tag given from this request on, and what files are then.</summary>
    public (int Request, string ETag) Later { get; set; } = (int.MaxValue, "");

    /// <summary>Objects per page of a listing.</summary>
    public int Page { get; set; } = 1000;

    /// <summary>First lines and headers of what was asked.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>Bytes of bodies.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <param name="name">Path below the root.</param>
    /// <param name="content">Its bytes.</param>
    public void Add(string name, byte[] content) => files[$"/{name}"] = content;

    public void Dispose()
    {
        closing.Cancel();
        listener.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception fault) when (fault is ObjectDisposedException or SocketException)
            {
                return;
            }

            _ = Task.Run(() => Serve(client));
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using NetworkStream stream = client.GetStream();
            using StreamReader reader = new(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 } first)
            {
                Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }

                requests.Enqueue($"{first}\n{string.Join('\n', headers.Select(h => $"{h.Key}: {h.Value}"))}");
                if (!await Answer(stream, Uri.UnescapeDataString(first.Split(' ')[1]), headers, Interlocked.Increment(ref count)))
                {
                    if (Lengths)
                    {
                        // As a fault on the way does: without a goodbye.
                        client.Client.Close(0);
                    }

                    return;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The other side has gone, or the test has ended.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<bool> Answer(Stream stream, string path, Dictionary<string, string> headers, int number)
    {
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, closing.Token);
        }

        string tag = number >= Later.Request ? Later.ETag : ETag;
        if (Always > 0)
        {
            return await Send(stream, Always, "", [], false);
        }

        if (BusyEvery > 0 && number % BusyEvery == 0)
        {
            return await Send(stream, 503, "", "<Error><Code>SlowDown</Code></Error>"u8.ToArray(), false);
        }

        if (path.Contains("list-type=2", StringComparison.Ordinal))
        {
            return await Send(stream, 200, "Content-Type: application/xml\r\n", Listing(path), false);
        }

        if (!files.TryGetValue(path.Split('?')[0], out byte[]? content))
        {
            return await Send(stream, 404, "", "<Error><Code>NoSuchKey</Code></Error>"u8.ToArray(), false);
        }

        if (headers.TryGetValue("If-Match", out string? wanted) && wanted.Trim('"') != tag.Trim('"'))
        {
            return await Send(stream, 412, "", "<Error><Code>PreconditionFailed</Code></Error>"u8.ToArray(), false);
        }

        string about = tag.Length > 0 ? $"ETag: {tag}\r\n" : "";
        bool cut = CutEvery > 0 && number % CutEvery == 0;
        if (!Ranges || !headers.TryGetValue("Range", out string? range))
        {
            return await Send(stream, 200, about, content, cut);
        }

        long[] ends = [.. range[6..].Split('-').Select(e => long.Parse(e, CultureInfo.InvariantCulture))];
        if (ends[0] >= content.Length)
        {
            return await Send(stream, 416, $"Content-Range: bytes */{content.Length}\r\n", [], false);
        }

        long last = Math.Min(ends[1], content.Length - 1);
        return await Send(stream, 206, $"{about}Content-Range: bytes {ends[0]}-{last}/{content.Length}\r\n", content[(int)ends[0]..(int)(last + 1)], cut);
    }

    private async Task<bool> Send(Stream stream, int status, string headers, byte[] body, bool cut)
    {
        string length = Lengths ? $"Content-Length: {body.Length}\r\n" : "Connection: close\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\n{headers}{length}\r\n"));
        int bytes = cut ? Math.Min(body.Length, CutAfter) : body.Length;
        await stream.WriteAsync(body.AsMemory(0, bytes));
        await stream.FlushAsync();
        Interlocked.Add(ref sent, bytes);
        return !cut && Lengths;
    }

    /// <summary>ListObjectsV2, in pages.</summary>
    private byte[] Listing(string path)
    {
        Dictionary<string, string> query = path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "");
        string bucket = path.Split('?')[0].Trim('/');
        string[] keys = [.. files.Keys.Where(k => k.StartsWith($"/{bucket}/", StringComparison.Ordinal)).Select(k => k[(bucket.Length + 2)..]).Where(k => k.StartsWith(query.GetValueOrDefault("prefix", ""), StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        int from = int.Parse(query.GetValueOrDefault("continuation-token", "0"), CultureInfo.InvariantCulture);
        bool more = from + Page < keys.Length;
        string objects = string.Concat(keys.Skip(from).Take(Page).Select(k => $"<Contents><Key>{k}</Key><Size>1</Size><ETag>&quot;one&quot;</ETag></Contents>"));
        string next = more ? $"<NextContinuationToken>{from + Page}</NextContinuationToken>" : "";
        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><ListBucketResult><Name>{bucket}</Name><IsTruncated>{(more ? "true" : "false")}</IsTruncated>{next}{objects}</ListBucketResult>");
    }
}
