using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using GpuDiag.Columns.Remote;
using GpuDiag.Reports;

namespace GpuDiag.Cli;

/// <summary>
/// One run's surroundings: results go to <see cref="Output"/>, everything else to <see cref="Errors"/>; Ctrl-C and
/// SIGTERM cancel.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly long start = Stopwatch.GetTimestamp();

    public Session(IReadOnlyList<string> args)
    {
        Command = string.Join(' ', args.Select(RemoteName.Shown).Select(Quoted).Prepend("gpudiag"));
        // Opened by hand: Console.Out would set up a terminal first, and write "\r\n" on Windows.
        Output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 14) { NewLine = "\n" };
        Errors = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false), 256) { NewLine = "\n", AutoFlush = true };
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            signals.Add(PosixSignalRegistration.Create(signal, Cancel));
        RemoteTries.Stop = cancellation.Token;
    }

    /// <summary>The command line as a shell would take it, without what is secret of addresses.</summary>
    public string Command { get; }

    public StreamWriter Output { get; }

    public TextWriter Errors { get; }

    public CancellationToken Cancellation => cancellation.Token;

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    public static bool IsTerminal => !Console.IsErrorRedirected;

    /// <summary>Colours for stdout: on a terminal that knows them, unless NO_COLOR is set.</summary>
    public static Palette Palette => new(!Console.IsOutputRedirected && HasColours);

    private static bool HasColours
        => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>A word as a shell takes it back.</summary>
    public static string Quoted(string word)
        => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,+@%".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        RemoteTries.Stop = CancellationToken.None;
        try
        {
            Output.Dispose();
        }
        catch (IOException)
        {
            // Told when the run ended; what is left in the buffer can't be written either.
        }
        cancellation.Dispose();
    }

    internal void Cancel(PosixSignalContext context)
    {
        // The second one is not caught: who asks twice wants out at once.
        if (cancellation.IsCancellationRequested)
            return;
        context.Cancel = true;
        cancellation.Cancel();
    }
}
