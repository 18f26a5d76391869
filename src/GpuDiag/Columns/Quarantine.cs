namespace GpuDiag.Columns;

/// <summary>
/// Files that turned out to be unreadable while their rows were read, and that the next attempt leaves out: what was
/// learnt so far holds rows of theirs, so a run begins anew without them and ends as if they had never been named.
/// </summary>
internal sealed class Quarantine
{
    private readonly List<UnreadFile> files = [];

    /// <summary>Makes attempts, each without the files that those before it found, until one ends otherwise.</summary>
    /// <param name="skips">Unreadable files are left out; else the first attempt is the only one, and gets no quarantine.</param>
    /// <param name="attempt">Does everything from opening the data on, and leaves nothing behind when it fails.</param>
    public static T Attempts<T>(bool skips, Func<Quarantine?, T> attempt)
    {
        Quarantine quarantine = new();
        while (true)
        {
            try
            {
                return attempt(skips ? quarantine : null);
            }
            catch (Exception fault) when (skips && quarantine.Takes(fault))
            {
                // Every file is lost for one reason only, so this ends.
            }
        }
    }

    public UnreadFile? Find(string path) => files.Find(f => f.Path == path);

    /// <summary>Takes the files at fault in; false where that is nothing new, so that another attempt would end alike.</summary>
    public bool Takes(Exception fault)
    {
        IReadOnlyList<UnreadFile> found = fault switch
        {
            UnreadableFilesException several => several.Files,
            InputException { Unreadable: true, File: { } file } => [new UnreadFile(file, fault.Message)],
            _ => [],
        };
        UnreadFile[] further = [.. found.Where(f => Find(f.Path) is null)];
        files.AddRange(further);
        return further.Length > 0;
    }
}

/// <summary>A pass over the data met these files; it went on with the others to find all of them at once.</summary>
internal sealed class UnreadableFilesException(IReadOnlyList<UnreadFile> files) : Exception($"{files.Count} files can't be read")
{
    public IReadOnlyList<UnreadFile> Files { get; } = files;
}
