namespace GpuDiag.Reports.Monitoring;

/// <summary>A file outside the output folder that others watch: they see the earlier one or the new one, whole.</summary>
internal static class SideFile
{
    /// <summary>Makes sure before any work that the file can be written.</summary>
    /// <exception cref="InputException">It cannot; the option is named.</exception>
    public static void Check(string path, string option)
    {
        string folder = Folder(path);
        if (Directory.Exists(path))
            throw new InputException("a folder is no file to write", path, remedy: $"Give --{option} the name of a file.");
        if (!Directory.Exists(folder))
            throw new InputException("the folder of this file does not exist", path, remedy: $"Make it, or give --{option} another place.");
        Write(path, option, null);
    }

    public static void Write(string path, string option, Action<Stream>? write)
    {
        // Not of the file's own extension: a collector of *.prom must not see it.
        string temporary = Path.Combine(Folder(path), $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 14))
            {
                write?.Invoke(stream);
                stream.Flush(flushToDisk: write is not null);
            }
            if (write is null)
                File.Delete(temporary);
            else
                File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"can't be written: {fault.Message}", path, remedy: $"Give --{option} another place.", inner: fault);
        }
    }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);
}
