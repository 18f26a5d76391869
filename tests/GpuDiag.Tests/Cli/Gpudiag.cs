using System.Diagnostics;
using System.Text;

namespace GpuDiag.Tests.Cli;

/// <summary>Runs the built executable as a user would.</summary>
internal static class Gpudiag
{
    public static Output Run(string folder, params string[] args) => Run(folder, TimeSpan.FromMinutes(2), args);

    /// <summary>Runs as on a processor that lacks instructions: with a variable that the runtime knows, like <c>DOTNET_EnableHWIntrinsic</c>, at 0.</summary>
    public static Output RunWithout(string variable, string folder, params string[] args)
    {
        var start = Start(folder, args);
        start.Environment[variable] = "0";
        return Run(start, TimeSpan.FromMinutes(2));
    }

    /// <summary>Runs, and kills it after a while, as losing power would; says whether it was done before. Everything is kept meanwhile, so that every kill meets something.</summary>
    public static bool Kill(string folder, TimeSpan after, params string[] args)
    {
        var start = Start(folder, args);
        start.Environment["GPUDIAG_KEEP_SECONDS"] = "0";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        bool done = process.WaitForExit(after);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return done;
    }

    private static ProcessStartInfo Start(string folder, string[] args)
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
        return start;
    }

    private static Output Run(string folder, TimeSpan limit, string[] args) => Run(Start(folder, args), limit);

    private static Output Run(ProcessStartInfo start, TimeSpan limit)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', start.ArgumentList)} hangs");
        }
        return new Output(process.ExitCode, output.Result, errors.Result);
    }

    internal sealed record Output(int Code, string Text, string Errors);
}
