using System.Globalization;
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using GpuDiag.Columns.Remote;

namespace GpuDiag.Storage;

/// <summary>
/// S3 and what speaks its protocol. Credentials, region and endpoint come as the AWS tools find them: environment, profile, container, instance;
/// <c>AWS_ENDPOINT_URL</c> or <c>AWS_ENDPOINT_URL_S3</c> names another server, whose buckets are then part of the path.
/// </summary>
internal sealed class S3Store : IRemoteStore, IDisposable
{
    private readonly AmazonS3Client client;

    /// <exception cref="InputException">No region is known, or the surroundings contradict each other.</exception>
    internal S3Store()
    {
        bool own = Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_S3") is { Length: > 0 } || Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL") is { Length: > 0 };
        try
        {
            AmazonS3Config config = new()
            {
                // Repeated by RemoteFile, in one way for all stores.
                MaxErrorRetry = 0,
                ForcePathStyle = own,
                Timeout = RemoteFile.Patience,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                MaxConnectionsPerServer = 64,
            };
            if (own)
            {
                config.AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION") ?? "us-east-1";
            }
            else if (config.RegionEndpoint is null)
            {
                config.RegionEndpoint = RegionEndpoint.USEast1;
            }

            client = new AmazonS3Client(config);
        }
        catch (AmazonClientException fault)
        {
            throw new InputException($"S3 can't be used: {fault.Message}", remedy: "Set AWS_REGION and credentials as for the AWS tools.", inner: fault);
        }
    }

    public async Task<RemoteBody> Open(string address, long offset, long length, string? version)
    {
        (string bucket, string key) = Parts(address);
        GetObjectRequest request = new() { BucketName = bucket, Key = key, ByteRange = new ByteRange(offset, offset + length - 1) };
        if (version is { Length: > 0 })
        {
            request.EtagToMatch = version;
        }

        try
        {
            GetObjectResponse answer = await client.GetObjectAsync(request, RemoteTries.Stop).ConfigureAwait(false);
            bool isPart = answer.HttpStatusCode == HttpStatusCode.PartialContent && Total(answer.ContentRange) >= 0;
            return new RemoteBody(answer.ResponseStream, isPart ? offset : 0, isPart ? Total(answer.ContentRange) : answer.ContentLength, answer.ETag ?? "", isPart, answer);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return version is null ? new RemoteBody(Stream.Null, 0, 0, "", true) : throw new RemoteFault(RemoteFaultKind.Changed, "it is shorter now", fault);
        }
        catch (Exception fault) when (Fault(fault) is { } told)
        {
            throw told;
        }
    }

    public async Task<IReadOnlyList<string>> List(string prefix)
    {
        (string bucket, string start) = Parts(prefix);
        List<string> found = [];
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = start };
        try
        {
            ListObjectsV2Response answer;
            do
            {
                answer = await client.ListObjectsV2Async(request, RemoteTries.Stop).ConfigureAwait(false);
                found.AddRange((answer.S3Objects ?? []).Where(o => !o.Key.EndsWith('/')).Select(o => $"s3://{bucket}/{o.Key}"));
                request.ContinuationToken = answer.NextContinuationToken;
            }
            while (answer.IsTruncated == true);

            return found;
        }
        catch (Exception fault) when (Fault(fault) is { } told)
        {
            throw told;
        }
    }

    public void Dispose() => client.Dispose();

    private static (string Bucket, string Key) Parts(string address)
    {
        int slash = address.IndexOf('/', 5);
        return slash < 0 ? (address[5..], "") : (address[5..slash], address[(slash + 1)..]);
    }

    /// <summary>The object's size from <c>bytes 0-9/100</c>; −1 where it does not say.</summary>
    private static long Total(string? range) =>
        range is not null && long.TryParse(range[(range.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long total) ? total : -1;

    private static RemoteFault? Fault(Exception fault) => fault switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new RemoteFault(RemoteFaultKind.Missing, "no such bucket", fault),
        AmazonS3Exception { ErrorCode: "SlowDown" or "RequestTimeout" or "InternalError" or "ServiceUnavailable" or "Throttling" or "RequestLimitExceeded" } busy =>
            new RemoteFault(RemoteFaultKind.Passing, $"the server answers {busy.ErrorCode}", fault),
        AmazonS3Exception { StatusCode: not 0 } said => new RemoteFault(RemoteFault.KindOf((int)said.StatusCode), $"the server answers {(int)said.StatusCode} {said.ErrorCode}".TrimEnd(), fault),
        AmazonClientException or AmazonServiceException when fault.Message.Contains("credential", StringComparison.OrdinalIgnoreCase) => new RemoteFault(RemoteFaultKind.Denied, "no credentials found", fault),
        TimeoutException => new RemoteFault(RemoteFaultKind.Passing, "the server does not answer", fault),
        HttpRequestException or IOException or OperationCanceledException or AmazonServiceException => new RemoteFault(RemoteFaultKind.Passing, fault.InnerException?.Message ?? fault.Message, fault),
        AmazonClientException => new RemoteFault(RemoteFaultKind.Refused, fault.Message, fault),
        _ => null,
    };
}
