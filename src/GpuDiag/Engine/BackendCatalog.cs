using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Gpu;

namespace GpuDiag.Engine;

/// <summary>
/// The backends by name, in the order in which auto prefers them. Only auto chooses; a name that was asked for is opened
/// or fails. ILGPU is loaded only where a GPU backend or the simulator is opened: never for cpu, and not by auto on a
/// machine without a GPU driver.
/// </summary>
public static class BackendCatalog
{
    public const string Auto = "auto";

    /// <summary>Overrides every choice when set, as <c>--device</c> would.</summary>
    public const string Variable = "GPUDIAG_BACKEND";

    private static readonly (string Name, bool Indexed, string[] Drivers, Func<int?, Backend> Open)[] All =
    [
        ("cuda", true, ["libcuda.so.1", "libcuda.so", "nvcuda"], OpenCuda),
        ("opencl", true, ["libOpenCL.so.1", "libOpenCL.so", "OpenCL"], OpenOpenCl),
        ("cpu", false, [], _ => new CpuBackend()),
        ("simulator", false, [], _ => OpenSimulator()),
    ];

    /// <summary>cuda, opencl, cpu, simulator.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(b => b.Name)];

    /// <summary>Whether <paramref name="device"/> is auto, a name, or a name and index such as cuda:1.</summary>
    public static bool IsValid(string device) => device == Auto || TryParse(device, out _, out _);

    /// <summary>Opens what was asked for, or what auto finds.</summary>
    /// <exception cref="InputException">No such name.</exception>
    /// <exception cref="DeviceException">The device that was asked for is not there, or fails.</exception>
    public static BackendChoice Open(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        string? forced = Environment.GetEnvironmentVariable(Variable);
        bool isForced = !string.IsNullOrEmpty(forced);
        string asked = isForced ? forced! : device;
        if (asked == Auto)
        {
            return Choose();
        }

        if (!IsValid(asked))
        {
            throw new InputException(
                $"'{asked}' is not a device", remedy: $"use auto, cuda, cuda:1, opencl, cpu or simulator{(isForced ? $"; it came from the environment variable {Variable}" : "")}");
        }

        return new BackendChoice(OpenNamed(asked), isForced ? $"{Variable}={asked}" : "asked for");
    }

    /// <summary>Opens a name, or a name and index, whatever the environment says.</summary>
    internal static Backend OpenNamed(string device)
    {
        if (!TryParse(device, out int entry, out int? index))
        {
            throw new InputException($"'{device}' is not a device", remedy: $"use one of {string.Join(", ", Names)}");
        }

        if (All[entry].Drivers is { Length: > 0 } drivers && !HasDriver(drivers))
        {
            throw new DeviceException($"no {device} device: no driver is installed (looked for {string.Join(", ", drivers)})\n  --device cpu works everywhere");
        }

        return All[entry].Open(index);
    }

    /// <summary>Which drivers this machine has: the name of each backend that needs one, and what was found or looked for.</summary>
    internal static IEnumerable<(string Name, bool Found, string Looked)> Drivers() =>
        All.Where(b => b.Drivers.Length > 0).Select(b => (b.Name, HasDriver(b.Drivers), string.Join(", ", b.Drivers)));

    /// <summary>The first GPU that opens, else the CPU; a driver that fails is part of the reason, not an error.</summary>
    private static BackendChoice Choose()
    {
        List<string> reasons = [];
        foreach ((string name, _, string[] drivers, Func<int?, Backend> open) in All)
        {
            if (drivers.Length > 0 && !HasDriver(drivers))
            {
                reasons.Add($"no {name} driver");
                continue;
            }

            try
            {
                Backend backend = open(null);
                reasons.Add(drivers.Length > 0 ? $"{name} device found" : "runs everywhere");
                return new BackendChoice(backend, string.Join("; ", reasons));
            }
            catch (DeviceException e) when (drivers.Length > 0)
            {
                reasons.Add($"{name}: {e.Message.Split('\n')[0]}");
            }
        }

        throw new InvalidOperationException("the cpu backend always opens");
    }

    private static bool TryParse(string device, out int entry, out int? index)
    {
        index = null;
        string[] parts = device.Split(':');
        entry = Array.FindIndex(All, b => b.Name == parts[0]);
        if (entry < 0 || parts.Length > 2 || (parts.Length == 2 && !All[entry].Indexed))
        {
            return false;
        }

        if (parts.Length == 2)
        {
            if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return false;
            }

            index = number;
        }

        return true;
    }

    private static bool HasDriver(string[] libraries)
    {
        foreach (string library in libraries)
        {
            if (NativeLibrary.TryLoad(library, out nint handle))
            {
                NativeLibrary.Free(handle);
                return true;
            }
        }

        return false;
    }

    // Apart and not inlined, so that ILGPU is loaded when one of them runs and not before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GpuBackend OpenCuda(int? index) => GpuBackend.Cuda(index);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GpuBackend OpenOpenCl(int? index) => GpuBackend.OpenCl(index);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GpuBackend OpenSimulator() => GpuBackend.Simulator();
}
