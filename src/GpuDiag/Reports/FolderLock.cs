using GpuDiag.Columns;

namespace GpuDiag.Reports;

/// <summary>Keeps a second run out of an output folder. The operating system lets go of it when the process ends, however it does.</summary>
internal sealed class FolderLock : IDisposable
{
    public const string Name = ".gpudiag.lock";

    private const int Tries = 5;
    private readonly FileStream hold;

    private FolderLock(FileStream hold) => this.hold = hold;

    /// <exception cref="InputException">Another run writes here.</exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, Name);
        for (int i = 1; ; i++)
        {
            FileStream stream;
            try
            {
                stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException fault) when (File.Exists(path))
            {
                throw new InputException("another run writes into this folder", folder, remedy: "Wait for it to end, or choose another place with --out.", inner: fault);
            }
            // The run before may have taken the file away between our opening and our locking it.
            if (i == Tries || FileStamp.Leads(path, stream.SafeFileHandle))
                return new FolderLock(stream);
            stream.Dispose();
        }
    }

    public void Dispose() => hold.Dispose();
}
