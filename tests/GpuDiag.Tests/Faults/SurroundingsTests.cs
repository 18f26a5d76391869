using System.Diagnostics;
using GpuDiag.Tests.Cli;

namespace GpuDiag.Tests.Faults;

/// <summary>What a machine is set to does not reach the results.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gpudiag-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void LocaleAndTimeZone_DoNotReachTheResults()
    {
        PredictionFile.Write(folder);
        string[] plain = Run("a", ("LC_ALL", "C"), ("TZ", "UTC"));
        string[] other = Run("b", ("LC_ALL", "de_DE.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"));
        Assert.Equal(plain, other);
        Assert.Matches("\"started\": \"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\"", File.ReadAllText(Path.Combine(folder, "b", "run.json")));
    }

    private string[] Run(string place, params (string Name, string Value)[] surroundings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "gpudiag.dll"), "scan", "predictions.parquet", "--out", place, "--format", "json", "--gate", "accuracy>=0.849"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in surroundings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, place)).Where(f => Path.GetFileName(f) != "run.json").Order(StringComparer.Ordinal)];
        return [output, errors.Result.Split('\n')[^2].Split('\r')[^1], .. files.Select(f => Path.GetFileName(f) + Convert.ToHexString(File.ReadAllBytes(f)))];
    }
}
