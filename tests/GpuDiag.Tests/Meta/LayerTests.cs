using System.Reflection;
using System.Text.RegularExpressions;

namespace GpuDiag.Tests.Meta;

/// <summary>Cli → Scoring, Storage, Reports, Analyses → Engine → Columns; Engine → Kernels → ILGPU. Never the other way.</summary>
public class LayerTests
{
    [Theory]
    [InlineData("src/GpuDiag/Columns", "Engine", "Analyses", "Reports", "Scoring", "Storage", "Cli")]
    [InlineData("src/GpuDiag/Engine", "Analyses", "Reports", "Scoring", "Storage", "Cli")]
    [InlineData("src/GpuDiag/Analyses", "Reports", "Scoring", "Storage", "Cli")]
    [InlineData("src/GpuDiag/Reports", "Scoring", "Storage", "Cli")]
    [InlineData("src/GpuDiag.Scoring", "Cli")]
    [InlineData("src/GpuDiag.Storage", "Engine", "Analyses", "Reports", "Scoring", "Cli")]
    [InlineData("kernels/GpuDiag.Kernels", "Columns", "Engine", "Analyses", "Reports", "Scoring", "Cli")]
    public void Layer_KnowsNothingAboveIt(string folder, params string[] above)
    {
        var names = string.Join('|', above);
        // A namespace can be named from its parent ("Engine.Backend") as well as in full, so the first part is optional.
        AssertNoMention(folder, $@"(?<![\w.])(GpuDiag\.)?({names})(\.[A-Z]|;)");
    }

    [Theory]
    [InlineData("src/GpuDiag/Analyses")]
    [InlineData("src/GpuDiag.Cli")]
    public void Question_NamesNoDeviceOrInstructionSet(string folder) =>
        AssertNoMention(folder, @"\bILGPU\b|\bSystem\.Runtime\.Intrinsics\b|\b(Cpu|Gpu)Backend\b");

    [Theory]
    [InlineData("src/GpuDiag")]
    [InlineData("src/GpuDiag.Cli")]
    [InlineData("kernels/GpuDiag.Kernels")]
    public void OnnxRuntime_IsKnownToScoringAlone(string folder) => AssertNoMention(folder, @"\bMicrosoft\.ML\.OnnxRuntime\b|\busing Onnx\b");

    [Theory]
    [InlineData("src/GpuDiag")]
    [InlineData("src/GpuDiag.Cli")]
    [InlineData("src/GpuDiag.Scoring")]
    public void AwsSdk_IsKnownToStorageAlone(string folder) => AssertNoMention(folder, @"\bAmazon\.|\bAWSSDK\b");

    [Fact]
    public void Pattern_SeesEveryWayToNameANamespace()
    {
        const string Pattern = @"(?<![\w.])(GpuDiag\.)?(Engine)(\.[A-Z]|;)";
        Assert.All(
            ["using GpuDiag.Engine;", "using GpuDiag.Engine.Cpu;", "var x = Engine.Cell.Of(1);", "GpuDiag.Engine.Cell x"],
            line => Assert.Matches(Pattern, line));
        Assert.All(["using My.Engine;", "engine.Run();", "GpuEngine.Run()"], line => Assert.DoesNotMatch(Pattern, line));
    }

    [Fact]
    public void KernelsAssembly_ReferencesIlgpuAndTheRuntimeOnly() =>
        Assert.All(References("GpuDiag.Kernels"), name => Assert.Matches("^(ILGPU|System)", name));

    [Fact]
    public void CoreAssembly_ReferencesNoCommandLine() =>
        Assert.DoesNotContain(References("GpuDiag.Core"), name => Regex.IsMatch(name, "^(gpudiag|GpuDiag.Scoring|GpuDiag.Storage|AWSSDK|Microsoft.ML|OnnxSharp|System.CommandLine|Spectre|Tomlyn)"));

    private static string[] References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)];

    private static void AssertNoMention(string folder, string pattern)
    {
        var files = Repository.Sources(folder).ToArray();
        Assert.NotEmpty(files);
        Assert.Empty(
            from path in files
            from line in File.ReadLines(path)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, pattern)
            select $"{Repository.Relative(path)}: {line.Trim()}");
    }
}
