namespace GpuDiag.Tests.Columns;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public string this[string name] => Path.Combine(path, name);

    public string Root => path;

    public void Dispose() => Directory.Delete(path, recursive: true);
}
