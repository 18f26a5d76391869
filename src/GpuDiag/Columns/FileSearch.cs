using GpuDiag.Columns.Remote;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace GpuDiag.Columns;

/// <summary>Turns what the user names (files, patterns with * and **, folders, addresses) into files.</summary>
internal static class FileSearch
{
    internal static readonly string[] Extensions = [".parquet", ".arrow", ".feather", ".ipc"];

    /// <summary>
    /// The files in ordinal order of their paths, each once. A folder stands for the data files in it and below, a
    /// pattern for the files it matches; both leave out what starts with a dot or an underscore, as <c>_SUCCESS</c>.
    /// </summary>
    /// <exception cref="InputException">A name stands for no file.</exception>
    internal static IReadOnlyList<string> Find(IEnumerable<string> patterns)
    {
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (string pattern in patterns)
        {
            string[] files;
            if (RemoteName.Is(pattern))
            {
                Array.ForEach(RemoteSearch.Expand(pattern), name => found.TryAdd(name, name));
                continue;
            }

            try
            {
                files = Expand(pattern);
            }
            catch (Exception error) when (ReadFault.Wraps(error))
            {
                throw ReadFault.From(error, pattern);
            }

            foreach (string file in files)
            {
                found.TryAdd(Path.GetFullPath(file), file);
            }
        }

        return found.Count > 0 ? [.. found.Values] : throw new InputException("no input given", remedy: "Name a Parquet or Arrow file.");
    }

    private static string[] Expand(string pattern)
    {
        if (File.Exists(pattern))
        {
            return [pattern];
        }

        if (Directory.Exists(pattern))
        {
            string[] inside =
            [
                .. Directory.EnumerateFiles(pattern, "*", SearchOption.AllDirectories)
                    .Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                    .Where(f => !Hidden(Path.GetRelativePath(pattern, f))),
            ];
            return inside.Length > 0
                ? inside
                : throw new InputException("the folder holds no .parquet, .arrow, .feather or .ipc file", pattern, null, "Check the path.");
        }

        if (!pattern.Contains('*', StringComparison.Ordinal))
        {
            throw new FileNotFoundException();
        }

        string[] matches = [.. Match(pattern).Where(f => !Hidden(Path.GetFileName(f)))];
        return matches.Length > 0
            ? matches
            : throw new InputException("no file matches this pattern", pattern, null, "Check the path; quote the pattern so that the shell leaves it alone.");
    }

    private static IEnumerable<string> Match(string pattern)
    {
        string[] parts = pattern.Replace('\\', '/').Split('/');
        int literal = Array.FindIndex(parts, p => p.Contains('*', StringComparison.Ordinal));
        string prefix = string.Join('/', parts[..literal]);
        string folder = literal == 0 ? "." : prefix.Length == 0 ? "/" : prefix;
        if (!Directory.Exists(folder))
        {
            return [];
        }

        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddInclude(string.Join('/', parts[literal..]));
        return matcher.Execute(new DirectoryInfoWrapper(new DirectoryInfo(folder))).Files
            .Select(f => literal == 0 ? f.Path : Path.Combine(folder, f.Path));
    }

    internal static bool Hidden(string relative) =>
        relative.Split('/', '\\').Any(part => part.StartsWith('.') || part.StartsWith('_'));
}
