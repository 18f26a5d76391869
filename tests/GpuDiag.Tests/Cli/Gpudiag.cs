using System.Diagnostics;
using System.Text;

namespace GpuDiag.Tests.Cli;

/// <summary>Runs the built executable as a user would.</summary>
internal static class Gpudiag
{
    public static Output Run(string folder, params string[] args) => Run(folder, TimeSpan.FromMinutes(2), args);

    private static Output Run(string folder, TimeSpan limit, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "gpudiag.dll"), .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("GPUDIAG_BACKEND");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"gpudiag {string.Join(' ', args)} hangs");
        }
        return new Output(process.ExitCode, output.Result, errors.Result);
    }

    internal sealed record Output(int Code, string Text, string Errors);
}
