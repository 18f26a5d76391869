using System.Globalization;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Gpu;

namespace GpuDiag.Engine;

/// <summary>A device of this machine.</summary>
/// <param name="Device">As <c>--device</c> takes it: cuda:0, opencl:1, cpu.</param>
/// <param name="Description">Model and size, for people.</param>
/// <param name="MemoryBytes">Memory that folds may use: the device's own, or what this process may take of the host's.</param>
/// <param name="Driver">Driver or platform version, where there is one.</param>
/// <param name="Units">Multiprocessors, or hardware threads.</param>
/// <param name="WarpSize">Threads that run in step; null on the host.</param>
public sealed record DeviceEntry(string Device, string Description, long MemoryBytes, string? Driver, int Units, int? WarpSize);

/// <summary>What <c>gpudiag devices</c> tells.</summary>
/// <param name="Devices">Found, in the order in which auto prefers them.</param>
/// <param name="Absent">One line per kind of device that is not there: what was looked for, or why it failed.</param>
/// <param name="Chosen">What auto chooses: the backend's name.</param>
/// <param name="ChosenDescription">What it runs on.</param>
/// <param name="Reason">Why.</param>
public sealed record DeviceReport(
    IReadOnlyList<DeviceEntry> Devices, IReadOnlyList<string> Absent, string Chosen, string ChosenDescription, string Reason)
{
    /// <summary>Opens every device of this machine once, and closes it. Takes up to a second per driver.</summary>
    public static DeviceReport Create()
    {
        List<DeviceEntry> devices = [];
        List<string> absent = [];
        foreach ((string name, bool found, string looked) in BackendCatalog.Drivers())
        {
            if (!found)
            {
                absent.Add($"{name}: no driver (looked for {looked})");
                continue;
            }

            try
            {
                devices.AddRange(GpuDevices.List(name));
            }
            catch (DeviceException e)
            {
                absent.Add($"{name}: {e.Message.Split('\n')[0]}");
            }
        }

        using (var cpu = new CpuBackend())
        {
            devices.Add(new DeviceEntry("cpu", cpu.Description, AvailableMemory.Bytes, null, Environment.ProcessorCount, null));
        }

        BackendChoice choice = BackendCatalog.Open(BackendCatalog.Auto);
        using Backend chosen = choice.Backend;
        return new DeviceReport(devices, absent, chosen.Name, chosen.Description, choice.Reason);
    }

    /// <summary>"80.0 GB", in powers of ten as vendors count.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB");
}
