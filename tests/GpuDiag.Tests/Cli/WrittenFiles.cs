using System.Text;
using System.Text.RegularExpressions;

namespace GpuDiag.Tests.Cli;

/// <summary>Files that a command left, for comparing those of the same data under other names or cut otherwise.</summary>
internal static partial class WrittenFiles
{
    /// <summary>A file's bytes; of summary.json and the page without the section that names the input's files and the options.</summary>
    public static byte[] WithoutProvenance(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (Path.GetExtension(path) is not (".json" or ".html"))
            return bytes;
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Single(Provenance().Matches(text));
        return Encoding.UTF8.GetBytes(Provenance().Replace(text, ""));
    }

    [GeneratedRegex(@"""provenance"": ?\{.*?""skipped_files"": ?\d+\s*\}", RegexOptions.Singleline)]
    private static partial Regex Provenance();
}
