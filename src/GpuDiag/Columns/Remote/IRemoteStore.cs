namespace GpuDiag.Columns.Remote;

/// <summary>Where addresses of one kind lead. One try each: <see cref="RemoteFile"/> repeats, resumes and compares.</summary>
internal interface IRemoteStore
{
    /// <summary>Asks for bytes of an object. Answers as the server does: with these, with all, or with the end of the object.</summary>
    /// <param name="address">The object.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many; fewer come where the object ends.</param>
    /// <param name="version">The answer must be of this version; null at the first time.</param>
    /// <exception cref="RemoteFault">Nothing came.</exception>
    Task<RemoteBody> Open(string address, long offset, long length, string? version);

    /// <summary>Addresses of all objects whose name begins with a prefix.</summary>
    /// <exception cref="RemoteFault">They can't be listed.</exception>
    Task<IReadOnlyList<string>> List(string prefix);
}

/// <summary>An answer whose bytes are still to come.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Offset">Position of the first of them: as asked for, or 0 where the server sends the whole.</param>
/// <param name="Total">Bytes of the object; −1 where the server does not say.</param>
/// <param name="Version">What tells one content from another (ETag, else the time of change); empty where the server says neither.</param>
/// <param name="IsPart">The server gives parts.</param>
internal sealed record RemoteBody(Stream Content, long Offset, long Total, string Version, bool IsPart, IDisposable? Owner = null) : IDisposable
{
    public void Dispose()
    {
        Content.Dispose();
        Owner?.Dispose();
    }
}

internal enum RemoteFaultKind
{
    /// <summary>Another try may help: too busy, connection lost, nothing came for long.</summary>
    Passing,
    Missing,
    Denied,
    Changed,
    Refused,
}

/// <summary>A try failed.</summary>
/// <param name="message">Why, without the address.</param>
internal sealed class RemoteFault(RemoteFaultKind kind, string message, Exception? inner = null) : IOException(message, inner)
{
    public RemoteFaultKind Kind { get; } = kind;

    /// <summary>As the server asks for before the next try.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>What an HTTP status says.</summary>
    public static RemoteFaultKind KindOf(int status) => status switch
    {
        404 or 410 => RemoteFaultKind.Missing,
        401 or 403 => RemoteFaultKind.Denied,
        412 => RemoteFaultKind.Changed,
        408 or 425 or 429 or >= 500 => RemoteFaultKind.Passing,
        _ => RemoteFaultKind.Refused,
    };
}
