using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// The only owner of the ILGPU context, its accelerators, streams, and the pinned and device memory that folds ask for.
/// Opening it is what loads ILGPU.
/// </summary>
internal sealed class DeviceArena : IDisposable
{
    private readonly Context context;
    private int next;

    private DeviceArena(Context context, IReadOnlyList<Accelerator> accelerators)
    {
        this.context = context;
        Accelerators = accelerators;
    }

    public IReadOnlyList<Accelerator> Accelerators { get; }

    /// <summary>All CUDA devices, or the one at <paramref name="index"/>.</summary>
    /// <exception cref="DeviceException">No such device.</exception>
    public static DeviceArena Cuda(int? index) => Open("CUDA", index, c => c.Cuda(), c => [.. c.GetCudaDevices()]);

    /// <summary>All OpenCL GPUs, or the one at <paramref name="index"/>.</summary>
    /// <exception cref="DeviceException">No such device.</exception>
    public static DeviceArena OpenCl(int? index) => Open("OpenCL", index, c => c.OpenCL(), c => [.. c.GetCLDevices()]);

    /// <summary>ILGPU's CPU accelerator with warps of 4 or of 32 threads.</summary>
    public static DeviceArena Simulator(int warpSize)
    {
        Context context = Build(b => b.CPU());
        CPUDevice device = warpSize == CPUDevice.Default.WarpSize ? CPUDevice.Default : new CPUDevice(warpSize, 2, 1);
        return new DeviceArena(context, [device.CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel)]);
    }

    /// <summary>A context with the project's code generation: every kernel compiles in one like it.</summary>
    public static Context Build(Func<Context.Builder, Context.Builder> devices) => Context.Create(b =>
    {
        devices(b).EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
        DeterministicIntrinsics.Register(b);
    });

    /// <summary>A lane of its own for one fold, on the accelerators in turn.</summary>
    public DeviceLane NewLane()
    {
        uint turn = (uint)Interlocked.Increment(ref next);
        return new DeviceLane(Accelerators[(int)(turn % (uint)Accelerators.Count)]);
    }

    /// <summary>A lane on every accelerator, for a fold that uses them all.</summary>
    public IReadOnlyList<DeviceLane> NewLanes() => [.. Accelerators.Select(a => new DeviceLane(a))];

    public void Dispose()
    {
        foreach (Accelerator accelerator in Accelerators)
        {
            accelerator.Dispose();
        }

        context.Dispose();
    }

    private static DeviceArena Open(
        string kind, int? index, Func<Context.Builder, Context.Builder> enable, Func<Context, IReadOnlyList<Device>> list)
    {
        Context? context = null;
        var accelerators = new List<Accelerator>();
        try
        {
            context = Build(enable);
            IReadOnlyList<Device> devices = list(context);
            if (devices.Count == 0 || index >= devices.Count)
            {
                string found = devices.Count == 0 ? "none was found" : $"only {devices.Count} found: 0 … {devices.Count - 1}";
                throw new DeviceException($"no {kind} device{(index is { } i ? $" {i}" : "")}: {found}\n  `gpudiag devices` lists what this machine has; --device cpu works everywhere");
            }

            foreach (Device device in index is { } only ? [devices[only]] : devices)
            {
                accelerators.Add(device.CreateAccelerator(context));
            }

            return new DeviceArena(context, accelerators);
        }
        catch (Exception e)
        {
            accelerators.ForEach(a => a.Dispose());
            context?.Dispose();
            throw e is DeviceException ? e : new DeviceException($"{kind} cannot be opened: {e.Message}", e);
        }
    }
}
