using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GpuDiag.Engine.Gpu;

/// <summary>The accelerators that a driver shows.</summary>
internal static class GpuDevices
{
    /// <summary>All devices of cuda or opencl.</summary>
    /// <exception cref="DeviceException">None, or the driver fails.</exception>
    public static IReadOnlyList<DeviceEntry> List(string name)
    {
        using GpuBackend backend = name == "cuda" ? GpuBackend.Cuda() : GpuBackend.OpenCl();
        return [.. backend.Arena.Accelerators.Select((a, i) => Entry($"{name}:{i}", a))];
    }

    private static DeviceEntry Entry(string device, Accelerator accelerator) => new(
        device,
        accelerator.Name,
        accelerator.MemorySize,
        accelerator switch
        {
            CudaAccelerator cuda => $"CUDA {cuda.DriverVersion.Major}.{cuda.DriverVersion.Minor}, compute capability {cuda.Architecture}, {Tensor(cuda)}",
            CLAccelerator cl => $"{cl.Device.PlatformName}, OpenCL C {cl.Device.CVersion}",
            _ => null,
        },
        accelerator.NumMultiprocessors,
        accelerator.WarpSize);

    private static string Tensor(CudaAccelerator cuda) =>
        TensorCores.Fault(cuda) is { Length: > 0 } fault ? $"neighbours in float32 ({fault})" : "neighbours on tensor cores";
}
