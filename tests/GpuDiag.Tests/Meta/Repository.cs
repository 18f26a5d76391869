namespace GpuDiag.Tests.Meta;

/// <summary>The source tree that the running tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds GpuDiag.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under <paramref name="folder"/> (relative to the root, '/' between names), build outputs apart.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Relative(path).Split('/').Any(part => part is "bin" or "obj"));

    /// <summary><paramref name="path"/> relative to the root, with '/' between names.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GpuDiag.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no GpuDiag.sln above {AppContext.BaseDirectory}");
    }
}
