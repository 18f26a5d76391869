namespace GpuDiag.Cli;

/// <summary>What the process says to its caller. A contract.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int GateFailed = 1;
    public const int WrongInput = 2;
    public const int DeviceFailed = 3;
    public const int InputsSkipped = 4;

    /// <summary>EX_SOFTWARE of sysexits: our own bug.</summary>
    public const int Fault = 70;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
