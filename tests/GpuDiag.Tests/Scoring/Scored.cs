using GpuDiag.Columns;
using GpuDiag.Scoring;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Scoring;

/// <summary>Runs scoring in this process, and reads what it wrote.</summary>
internal static class Scored
{
    public static ScoreResult Run(string folder, ScoreOptions options)
    {
        Directory.CreateDirectory(folder);
        return Score.Run(options with { Device = "cpu" }, folder, "test", null, CancellationToken.None);
    }

    /// <summary>Each part's name and the digest of its bytes; of every file there, so that nothing else is left.</summary>
    public static string[] Parts(string folder) =>
    [
        .. Directory.GetFiles(Path.Combine(folder, "predictions")).Order(StringComparer.Ordinal)
            .Select(p => $"{Path.GetFileName(p)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(p)))}"),
    ];

    public static List<string?> Texts(string folder, string column) => [.. Each(folder, source => Reading.Texts(source, column))];

    public static double[] Numbers(string folder, string column) => [.. Each(folder, source => Reading.Numbers(source, column))];

    public static double[][] Lists(string folder, string column) => [.. Each(folder, source => Reading.Rows(source, column))];

    public static string[] Columns(string folder)
    {
        using var source = SourceCatalog.Open(Directory.GetFiles(Path.Combine(folder, "predictions"), "*.parquet").Order(StringComparer.Ordinal).First());
        return [.. source.Fields.Select(f => f.Name)];
    }

    private static IEnumerable<T> Each<T>(string folder, Func<ISource, IEnumerable<T>> read)
    {
        foreach (string path in Directory.GetFiles(Path.Combine(folder, "predictions"), "*.parquet").Order(StringComparer.Ordinal))
        {
            using var source = SourceCatalog.Open(path);
            foreach (var value in read(source))
                yield return value;
        }
    }
}
