using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// What one fold has of an accelerator: two staging blocks on streams of their own, so that one uploads while the other
/// computes, and the memory it asked for. One thread at a time.
/// </summary>
internal sealed class DeviceLane : IDisposable
{
    /// <summary>What a kernel may use of a group's shared memory on every device, without asking the driver for more.</summary>
    public const int SharedBytes = 48 * 1024;

    private readonly List<IDisposable> owned = [];
    private readonly StagingBlock?[] blocks = new StagingBlock?[2];

    public DeviceLane(Accelerator accelerator)
    {
        Accelerator = accelerator;
        GroupSize = Math.Min(256, accelerator.MaxNumThreadsPerGroup);
    }

    public Accelerator Accelerator { get; }

    /// <summary>Threads per group of every launch: a multiple of the warp size.</summary>
    public int GroupSize { get; }

    /// <summary>Bytes that one fold's tables may take before it looks for a smaller representation.</summary>
    public long TableBudget => Accelerator.AcceleratorType == AcceleratorType.CPU ? 1L << 28 : Accelerator.MemorySize / 8;

    /// <summary>Which of the two blocks is to be filled: 0 or 1.</summary>
    public int Index { get; private set; }

    /// <summary>The block to fill. It is idle: whatever used it before has finished.</summary>
    public StagingBlock Block => blocks[Index] ?? throw new InvalidOperationException("the lane has no staging memory yet");

    /// <summary>Gives both blocks at least this many bytes. They must be idle and empty.</summary>
    public void Stage(long bytes)
    {
        if (blocks[0] is { } block && block.Bytes >= bytes)
        {
            return;
        }

        using ScopedAcceleratorBinding binding = Accelerator.BindScoped();
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i]?.Dispose();
            blocks[i] = null;
            blocks[i] = Guard(() => new StagingBlock(Accelerator, bytes));
        }
    }

    /// <summary>Turns to the other block and waits until it is idle.</summary>
    public void Swap()
    {
        Index ^= 1;
        Guard(() => Block.Stream.Synchronize());
    }

    /// <summary>One of the two blocks.</summary>
    public StagingBlock At(int index) => blocks[index]!;

    /// <summary>Waits for everything that was launched.</summary>
    public void Synchronize()
    {
        foreach (StagingBlock? block in blocks)
        {
            if (block is not null)
            {
                Guard(() => block.Stream.Synchronize());
            }
        }
    }

    /// <summary>Zeroed device memory.</summary>
    /// <exception cref="DeviceException">The device has no room.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long length)
        where T : unmanaged => Guard(() =>
        {
            using ScopedAcceleratorBinding binding = Accelerator.BindScoped();
            MemoryBuffer1D<T, Stride1D.Dense> buffer = Accelerator.Allocate1D<T>(length);
            owned.Add(buffer);
            Clear(buffer);
            return buffer;
        });

    /// <summary>Device memory with these contents.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = Allocate<T>(Math.Max(1, values.Length));
        if (values.Length > 0)
        {
            buffer.View.SubView(0, values.Length).CopyFromCPU(Accelerator.DefaultStream, values);
            Guard(Accelerator.DefaultStream.Synchronize);
        }

        return buffer;
    }

    public void Clear<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer)
        where T : unmanaged
    {
        buffer.MemSetToZero(Accelerator.DefaultStream);
        Guard(Accelerator.DefaultStream.Synchronize);
    }

    public T[] Download<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer)
        where T : unmanaged => Guard(() =>
        {
            var values = new T[buffer.Length];
            buffer.View.CopyToCPU(Accelerator.DefaultStream, values);
            Accelerator.DefaultStream.Synchronize();
            return values;
        });

    public void Free<T>(MemoryBuffer1D<T, Stride1D.Dense>? buffer)
        where T : unmanaged
    {
        if (buffer is not null)
        {
            owned.Remove(buffer);
            buffer.Dispose();
        }
    }

    /// <summary>Loads an instance of a generic kernel. ILGPU keeps compiled kernels per accelerator; loading again is cheap.</summary>
    public TLaunch Load<TLaunch>(Type kernels, string name, params Type[] arguments)
        where TLaunch : Delegate
    {
        MethodInfo method = kernels.GetMethod(name) ?? throw new MissingMethodException(kernels.Name, name);
        return Guard(() => Accelerator.LoadKernel<TLaunch>(arguments.Length == 0 ? method : method.MakeGenericMethod(arguments)));
    }

    /// <summary>
    /// A grid for <paramref name="threads"/> threads of work, at most eight groups of 256 threads per multiprocessor: then
    /// every thread takes several turns.
    /// </summary>
    public KernelConfig Grid(long threads, int sharedBytes = 0, int maxGroups = int.MaxValue)
    {
        long wanted = Math.Clamp((threads + GroupSize - 1) / GroupSize, 1, maxGroups);
        int groups = (int)Math.Min(wanted, Accelerator.NumMultiprocessors * 8L);
        return sharedBytes == 0
            ? new KernelConfig(groups, GroupSize)
            : new KernelConfig(groups, GroupSize, SharedMemoryConfig.RequestDynamic<uint>(sharedBytes / sizeof(uint)));
    }

    /// <summary>Turns ILGPU's and the driver's errors into ours.</summary>
    /// <exception cref="DeviceException">The action failed on the device.</exception>
    public T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsFault(e))
        {
            throw Fault(e);
        }
    }

    /// <summary>Turns ILGPU's and the driver's errors into ours.</summary>
    /// <exception cref="DeviceException">The action failed on the device.</exception>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (IsFault(e))
        {
            throw Fault(e);
        }
    }

    public void Dispose()
    {
        foreach (StagingBlock? block in blocks)
        {
            block?.Stream.Synchronize();
            block?.Dispose();
        }

        owned.ForEach(b => b.Dispose());
        owned.Clear();
    }

    private static bool IsFault(Exception e) =>
        e is AcceleratorException or InternalCompilerException or NotSupportedException or OutOfMemoryException;

    private DeviceException Fault(Exception e) => new($"{Accelerator.Name}: {e.GetBaseException().Message}", e);
}
