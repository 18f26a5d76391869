using System.Reflection;

namespace GpuDiag.Reports;

/// <summary>The version of this program, which stands in every file that it writes.</summary>
internal static class ProgramVersion
{
    /// <summary>As <c>--version</c> tells it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>What Parquet files carry in their footers.</summary>
    public static IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string> { ["gpudiag.version"] = Text };
}
