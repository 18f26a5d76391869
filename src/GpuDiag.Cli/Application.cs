using System.Reflection;
using System.Runtime.CompilerServices;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;

namespace GpuDiag.Cli;

/// <summary>Finds the command, runs it, and turns what goes wrong into one sentence, a remedy and an exit code.</summary>
internal static class Application
{
    public static int Run(string[] args)
    {
        using var session = new Session(args);
        Columns.Remote.RemoteStores.UseS3(S3);
        bool verbose = args.Contains("--verbose");
        try
        {
            int code = Dispatch(args, session);
            session.Output.Flush();
            return code;
        }
        catch (Exception fault)
        {
            return Explain(fault is AggregateException { InnerException: Exception inner } ? inner : fault, session, verbose);
        }
    }

    public static string Version { get; } =
        typeof(Application).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>Not in line: the assembly is loaded when this is called.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Columns.Remote.IRemoteStore S3() => new Storage.S3Store();

    private static int Dispatch(string[] args, Session session)
    {
        if (args.Length == 0 || args[0] is "--help" or "-h" or "help")
        {
            if (args.Length == 2 && args[0] == "help")
                return Show(session, HelpText.Of(Find(args[1])));
            return Show(session, HelpText.Overview());
        }
        if (args[0] == "--version")
            return Show(session, $"gpudiag {Version}\n");
        var command = Find(args[0]);
        command = command.For?.Invoke(args[1..]) ?? command;
        var values = ArgumentParser.Parse(command, args.AsSpan(1));
        return values.Flag(OptionCatalog.Help.Name) ? Show(session, HelpText.Of(command)) : command.Run(values, session);
    }

    private static CommandSpec Find(string name)
    {
        if (CommandCatalog.All.FirstOrDefault(c => c.Name == name) is CommandSpec command)
            return command;
        string? meant = Suggestion.For(name, CommandCatalog.All.Select(c => c.Name));
        string remedy = meant is not null ? $"Did you mean gpudiag {meant}?"
            : File.Exists(name) || Directory.Exists(name) ? $"Did you mean gpudiag scan {Session.Quoted(name)}?"
            : "See gpudiag --help.";
        throw new InputException($"there is no command '{name}'", remedy: remedy);
    }

    private static int Show(Session session, string text)
    {
        session.Output.Write(text);
        return ExitCode.Done;
    }

    private static int Explain(Exception fault, Session session, bool verbose)
    {
        var (code, message) = fault switch
        {
            InputException => (ExitCode.WrongInput, $"error: {fault.Message}"),
            DeviceException => (ExitCode.DeviceFailed, $"device error: {fault.Message}"),
            OperationCanceledException => (ExitCode.Cancelled, "cancelled; earlier results are as they were"),
            IOException => (ExitCode.WrongInput, $"error: stdout can't be written: {fault.Message}\n  The files are complete; see what stdout leads to."),
            OutOfMemoryException => (ExitCode.WrongInput, "error: out of memory\n  Give a smaller --memory, fewer segments, or a machine with more."),
            _ => (ExitCode.Fault, $"this is a fault of gpudiag, not of your data: {fault.GetType().Name}: {fault.Message}\n  Please report it with the output of --verbose."),
        };
        session.Errors.WriteLine($"gpudiag: {message}");
        if (verbose && code != ExitCode.Cancelled)
            session.Errors.WriteLine(fault.ToString());
        return code;
    }
}
