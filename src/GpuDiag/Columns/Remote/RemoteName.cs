using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace GpuDiag.Columns.Remote;

/// <summary>
/// Addresses as inputs: <c>https://</c>, <c>http://</c> and <c>s3://</c>. What is shown and written of an address holds no secret: a query that
/// may sign or carry one is left out, and a name or password before the host is refused.
/// </summary>
internal static partial class RemoteName
{
    private static readonly ConcurrentDictionary<string, string> Addresses = new(StringComparer.Ordinal);

    internal static bool Is(string path) => IsS3(path) || Starts(path, "https://") || Starts(path, "http://");

    internal static bool IsS3(string path) => Starts(path, "s3://");

    /// <summary>The address as it is shown; other words as they are.</summary>
    internal static string Shown(string path)
    {
        if (!Is(path))
        {
            return path;
        }

        string shown = UserInfo().Replace(path, "$1");
        int query = shown.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 && !IsS3(path) && Secret().IsMatch(shown[query..]) ? shown[..query] : shown;
    }

    /// <summary>The name by which an address is known from here on.</summary>
    /// <exception cref="InputException">It holds a name or password, or is shown like another.</exception>
    internal static string Of(string address)
    {
        string shown = Shown(address);
        if (UserInfo().IsMatch(address))
        {
            throw new InputException(
                "an address may hold no name or password", shown, remedy: "S3 finds credentials as the AWS tools do (environment, profile, instance). For others use a signed address.");
        }

        return Addresses.GetOrAdd(shown, address) == address
            ? shown
            : throw new InputException("two addresses differ only in what is secret of them", shown, remedy: "Give them different paths.");
    }

    /// <summary>The whole address of a name.</summary>
    internal static string Address(string name) => Addresses.GetValueOrDefault(name, name);

    private static bool Starts(string path, string scheme) => path.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^([A-Za-z0-9]+://)[^/?#]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex("sig|token|secret|key|credential|pass|auth|policy|expires", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
