using System.Runtime.CompilerServices;

namespace GpuDiag.Tests.Algebra;

/// <summary>Golden files, read from the source tree beside this one.</summary>
internal static class GoldenData
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Locate(name));

    public static string[] Lines(string name) => File.ReadAllLines(Locate(name));

    private static string Locate(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", "data", name);
}
