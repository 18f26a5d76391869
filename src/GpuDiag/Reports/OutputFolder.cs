using System.Text.RegularExpressions;

namespace GpuDiag.Reports;

/// <summary>
/// A folder that gets all of its files or none: each is written under a temporary name beside its place, and
/// <see cref="Commit"/> renames them in the order of writing. Disposed without it, temporaries go and earlier results
/// stay as they were, and so does a folder that was not there before. No other run can write here meanwhile. Every fault
/// is an <see cref="InputException"/>.
/// </summary>
internal sealed partial class OutputFolder : IDisposable
{
    private readonly List<(string Temporary, string Final)> pending = [];
    private readonly List<string> removed = [];
    private readonly bool created;
    private readonly FolderLock hold;
    private bool committed;

    /// <summary>Creates the folder if need be, and makes sure that it takes files, before any work is done for them.</summary>
    public OutputFolder(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new InputException("the output folder has no name", remedy: "Give --out a path.");
        Path = path;
        created = !Directory.Exists(path);
        Guard(path, () =>
        {
            Directory.CreateDirectory(path);
            string probe = TemporaryName("probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        });
        hold = FolderLock.Take(path);
        Guard(path, Sweep);
    }

    public string Path { get; }

    /// <summary>Writes one file, still under its temporary name.</summary>
    /// <param name="placeFirst">It goes into its place before all others.</param>
    public void Write(string fileName, Action<Stream> write, bool placeFirst = false)
    {
        string temporary = TemporaryName(fileName);
        string final = System.IO.Path.Combine(Path, fileName);
        pending.Insert(placeFirst ? 0 : pending.Count, (temporary, final));
        Guard(final, () =>
        {
            using var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
            write(stream);
        });
    }

    /// <summary>Where a file is that was written and is not yet in its place; null where there is none.</summary>
    public string? Staged(string fileName)
    {
        string final = System.IO.Path.Combine(Path, fileName);
        return pending.FirstOrDefault(p => p.Final == final).Temporary;
    }

    /// <summary>Takes away what an earlier run left under this name, when the files are put in their places.</summary>
    public void Remove(string fileName) => removed.Add(System.IO.Path.Combine(Path, fileName));

    /// <summary>Puts every written file in its place.</summary>
    public void Commit()
    {
        // A folder of the name of a file can't be replaced: find that out before the first rename.
        foreach (var (_, final) in pending)
        {
            if (Directory.Exists(final))
                throw new InputException("a folder stands where a result belongs", file: final, remedy: "Remove it, or choose another --out.");
        }
        foreach (string path in removed)
            Guard(path, () => File.Delete(path));
        foreach (var (temporary, final) in pending)
            Guard(final, () => File.Move(temporary, final, overwrite: true));
        pending.Clear();
        committed = true;
    }

    public void Dispose()
    {
        foreach (var (temporary, _) in pending)
            TryDelete(() => File.Delete(temporary));
        hold.Dispose();
        if (created && !committed)
            TryDelete(() => Directory.Delete(Path)); // Only when empty.
    }

    /// <summary>Turns a fault of writing into one that says what to do.</summary>
    internal static InputException Explain(string path, Exception fault)
    {
        const int noSpaceOnUnix = 28, noSpaceOnWindows = 0x70, quotaOnLinux = 122, readOnlyOnUnix = 30, readOnlyOnWindows = 0x13;
        int code = fault.HResult & 0xFFFF;
        return fault switch
        {
            IOException when code is noSpaceOnUnix or noSpaceOnWindows or quotaOnLinux
                => new InputException("no space is left on the disk", path, remedy: "Free some space, or choose another place with --out.", inner: fault),
            IOException when code is readOnlyOnUnix or readOnlyOnWindows
                => new InputException("this is on a read-only file system", path, remedy: "Choose another place with --out.", inner: fault),
            UnauthorizedAccessException
                => new InputException("writing here is not allowed", path, remedy: "Change the permissions, or choose another place with --out.", inner: fault),
            _ => new InputException($"can't be written: {fault.Message}", path, remedy: "Choose another place with --out.", inner: fault),
        };
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, fault);
        }
    }

    private static void TryDelete(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The fault that brought us here is the one to report.
        }
    }

    /// <summary>Takes away temporaries of runs that were killed: as nobody else holds the folder, no run is left that needs them.</summary>
    private void Sweep()
    {
        foreach (string left in Directory.GetFiles(Path, ".*.tmp").Where(f => Temporary().IsMatch(System.IO.Path.GetFileName(f))))
            File.Delete(left);
    }

    [GeneratedRegex(@"^\..+\.[0-9]+\.tmp$")]
    private static partial Regex Temporary();

    private string TemporaryName(string fileName)
        => System.IO.Path.Combine(Path, $".{fileName}.{Environment.ProcessId}.tmp");
}
