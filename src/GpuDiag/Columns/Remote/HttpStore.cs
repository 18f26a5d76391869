using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace GpuDiag.Columns.Remote;

/// <summary>Web servers, by range requests.</summary>
internal sealed class HttpStore : IRemoteStore, IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 64,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<RemoteBody> Open(string address, long offset, long length, string? version)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        request.Headers.UserAgent.ParseAdd("gpudiag");
        if (version is { Length: > 0 } && EntityTagHeaderValue.TryParse(version, out EntityTagHeaderValue? tag) && !tag.IsWeak)
        {
            request.Headers.IfMatch.Add(tag);
        }

        HttpResponseMessage answer;
        try
        {
            using CancellationTokenSource limit = RemoteTries.Limit();
            answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            string why = fault is OperationCanceledException ? "the server does not answer" : fault.InnerException?.Message ?? fault.Message;
            throw new RemoteFault(RemoteFaultKind.Passing, why, fault);
        }

        try
        {
            return await Body(answer, offset, version is null).ConfigureAwait(false);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public Task<IReadOnlyList<string>> List(string prefix) =>
        throw new RemoteFault(RemoteFaultKind.Refused, "a web server does not list its files: patterns and folders work for s3:// alone");

    public void Dispose() => client.Dispose();

    private static async Task<RemoteBody> Body(HttpResponseMessage answer, long offset, bool first)
    {
        HttpContentHeaders headers = answer.Content.Headers;
        string version = answer.Headers.ETag?.ToString() ?? headers.LastModified?.ToString("O", CultureInfo.InvariantCulture) ?? "";
        if (headers.ContentEncoding.Count > 0)
        {
            throw new RemoteFault(RemoteFaultKind.Refused, "the server sends it compressed only");
        }

        switch (answer.StatusCode)
        {
            case HttpStatusCode.PartialContent when headers.ContentRange is { From: { } from, Length: { } total } && from == offset:
                return new RemoteBody(await answer.Content.ReadAsStreamAsync().ConfigureAwait(false), offset, total, version, true, answer);
            case HttpStatusCode.PartialContent:
                throw new RemoteFault(RemoteFaultKind.Refused, "the server answers with other bytes than it was asked for");
            case HttpStatusCode.OK:
                return new RemoteBody(await answer.Content.ReadAsStreamAsync().ConfigureAwait(false), 0, headers.ContentLength ?? -1, version, false, answer);
            case HttpStatusCode.RequestedRangeNotSatisfiable when first:
                return new RemoteBody(Stream.Null, 0, 0, version, true, answer);
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw new RemoteFault(RemoteFaultKind.Changed, "it is shorter now");
        }

        int status = (int)answer.StatusCode;
        throw new RemoteFault(RemoteFault.KindOf(status), $"the server answers {status} {answer.ReasonPhrase}".TrimEnd())
        {
            Wait = answer.Headers.RetryAfter?.Delta,
        };
    }
}
