namespace GpuDiag.Columns.Images;

/// <summary>Opens pictures that data names by path, in one folder and below: data must not be able to name any file of this machine.</summary>
/// <param name="root">The folder; null beside a remote file.</param>
internal sealed class ImageFolder(string? root)
{
    private readonly string full = root is null ? "" : Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar;

    /// <summary>The bytes of the file that <paramref name="path"/> names.</summary>
    /// <exception cref="InvalidDataException">The path leads outside the folder, also by a link, or the file cannot be read.</exception>
    internal byte[] Read(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidDataException("has no name");
        }

        if (root is null)
        {
            throw new InvalidDataException("lies beside a remote file, and pictures are not fetched by their paths");
        }

        string file = Path.GetFullPath(Path.Combine(full, path));
        if (!file.StartsWith(full, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"lies outside {root}");
        }

        try
        {
            // A link to a file elsewhere is refused; the folder itself may be one.
            if (LinkOnTheWay(file))
            {
                throw new InvalidDataException($"is reached by a link, which may lead outside {root}");
            }

            FileInfo info = new(file);
            return info.Exists && info.Length > Array.MaxLength ? throw new InvalidDataException("is larger than 2 GB") : File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"can't be read: {(error is FileNotFoundException or DirectoryNotFoundException ? "no such file" : error.Message)}", error);
        }
    }

    private bool LinkOnTheWay(string file)
    {
        for (string at = file; at.Length > full.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
