using Microsoft.Extensions.FileSystemGlobbing;

namespace GpuDiag.Columns.Remote;

/// <summary>Turns an address into addresses of files: itself, or for S3 the objects that a pattern matches or that lie below a prefix.</summary>
internal static class RemoteSearch
{
    /// <exception cref="InputException">It stands for no file, or can't be listed.</exception>
    internal static string[] Expand(string address)
    {
        string name = RemoteName.Of(address);
        if (!RemoteName.IsS3(address))
        {
            return !name.Split('?')[0].Contains('*', StringComparison.Ordinal)
                ? [name]
                : throw new InputException("a web server does not list its files", name, remedy: "Name each file; patterns and folders work for s3:// alone.");
        }

        int bucket = address.IndexOf('/', 5) is var slash && slash < 0 ? address.Length : slash;
        if (bucket == 5 || address[5..bucket].Contains('*', StringComparison.Ordinal))
        {
            throw new InputException("names no bucket", name, remedy: "Write s3://bucket/key, s3://bucket/prefix/ or s3://bucket/prefix/*.parquet.");
        }

        int star = address.IndexOf('*', StringComparison.Ordinal);
        bool isFolder = star < 0 && !FileSearch.Extensions.Append(".npy").Contains(Path.GetExtension(address), StringComparer.OrdinalIgnoreCase);
        return star < 0 && !isFolder ? [name]
            : isFolder ? Below(address.TrimEnd('/') + "/")
            : Matching(address[..(address.LastIndexOf('/', star) + 1)], address[..star], address[(address.LastIndexOf('/', star) + 1)..]);
    }

    private static string[] Below(string folder)
    {
        string[] found =
        [
            .. List(folder, folder)
                .Where(f => FileSearch.Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Where(f => !FileSearch.Hidden(f[folder.Length..])),
        ];
        return found.Length > 0 ? found : throw new InputException("no .parquet, .arrow, .feather or .ipc object lies below", folder, remedy: "Check bucket and prefix.");
    }

    private static string[] Matching(string folder, string prefix, string pattern)
    {
        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddInclude(pattern);
        string[] found = [.. List(folder + pattern, prefix).Where(f => matcher.Match(f[folder.Length..]).HasMatches && !FileSearch.Hidden(f.Split('/')[^1]))];
        return found.Length > 0 ? found : throw new InputException("no object matches this pattern", folder + pattern, remedy: "Check bucket and prefix; quote the pattern so that the shell leaves it alone.");
    }

    private static IReadOnlyList<string> List(string shown, string prefix)
    {
        IReadOnlyList<string> all = [];
        try
        {
            new RemoteTries().Run(async _ => all = await RemoteStores.For(prefix).List(prefix).ConfigureAwait(false));
            return all;
        }
        catch (RemoteFault fault)
        {
            throw RemoteFile.Worded(fault, shown);
        }
    }
}
