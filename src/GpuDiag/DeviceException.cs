namespace GpuDiag;

/// <summary>
/// A device that was asked for is absent, or failed while it worked. The command line turns it into exit code 3.
/// </summary>
public sealed class DeviceException(string message, Exception? inner = null) : Exception(message, inner);
