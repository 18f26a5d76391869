using System.Globalization;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// ILGPU kernels on one or several accelerators of a kind. Folds take the accelerators in turn and keep their tables in
/// device memory; rows go through pinned, double-buffered blocks; states merge on the host.
/// </summary>
public sealed partial class GpuBackend : Backend
{
    private readonly DeviceArena arena;
    private readonly GpuLimits limits;

    private GpuBackend(string name, DeviceArena arena, GpuLimits limits)
    {
        Name = name;
        this.arena = arena;
        this.limits = limits;
    }

    public override string Name { get; }

    public override string Description => string.Join(" + ", arena.Accelerators.Select(Describe));

    internal DeviceArena Arena => arena;

    /// <summary>Every CUDA device, or one of them.</summary>
    /// <exception cref="DeviceException">There is none, or the driver fails.</exception>
    public static GpuBackend Cuda(int? index = null) => new("cuda", DeviceArena.Cuda(index), GpuLimits.Device);

    /// <summary>Every OpenCL GPU, or one of them.</summary>
    /// <exception cref="DeviceException">There is none, or the driver fails.</exception>
    public static GpuBackend OpenCl(int? index = null) => new("opencl", DeviceArena.OpenCl(index), GpuLimits.Device);

    /// <summary>The same kernels on ILGPU's CPU accelerator, about a thousand times slower than the cpu backend. For tests.</summary>
    /// <param name="warpSize">4, or a power of two from 8 to 32.</param>
    public static GpuBackend Simulator(int warpSize = 32) => Simulator(warpSize, GpuLimits.Simulator);

    /// <summary>With limits of one's own, so that a test reaches the paths of large data with little.</summary>
    internal static GpuBackend Simulator(int warpSize, GpuLimits limits) => new("simulator", DeviceArena.Simulator(warpSize), limits);

    public override void Dispose()
    {
        arena.Dispose();
        base.Dispose();
    }

    private static string Describe(Accelerator accelerator) => accelerator.AcceleratorType == AcceleratorType.CPU
        ? string.Create(CultureInfo.InvariantCulture, $"ILGPU simulator, warps of {accelerator.WarpSize}")
        : string.Create(CultureInfo.InvariantCulture, $"{accelerator.Name}, {accelerator.MemorySize / 1e9:F0} GB");
}
