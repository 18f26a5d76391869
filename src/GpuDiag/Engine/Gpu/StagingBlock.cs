using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>Pinned host memory, device memory of the same size, and a stream that copies and computes between them.</summary>
internal sealed class StagingBlock : IDisposable
{
    /// <summary>Alignment of every column in a block: what ILGPU assumes of a kernel's argument.</summary>
    public const int Alignment = 256;

    private readonly PageLockedArray1D<byte> pinned;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> device;

    public StagingBlock(Accelerator accelerator, long bytes)
    {
        Bytes = Align(bytes);
        pinned = accelerator.AllocatePageLocked1D<byte>(Bytes, false);
        device = accelerator.Allocate1D<byte>(Bytes);
        Stream = accelerator.CreateStream();
    }

    public long Bytes { get; }

    public AcceleratorStream Stream { get; }

    public static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>The host's side of a column.</summary>
    public Span<byte> Host(long offset, long bytes) => pinned.Span.Slice(checked((int)offset), checked((int)bytes));

    /// <summary>The device's side of a column.</summary>
    public ArrayView<byte> Device(long offset, long bytes) => device.View.BaseView.SubView(offset, bytes);

    /// <summary>The device's side of a column of whole 128-bit words.</summary>
    public ArrayView<Words> DeviceWords(long offset, long bytes) => Device(offset, Words.Count(bytes) * Words.Size).Cast<Words>();

    /// <summary>Copies a column to the device, in the order of the stream.</summary>
    public void Upload(long offset, long bytes) =>
        pinned.ArrayView.SubView(offset, bytes).CopyTo(Stream, Device(offset, bytes));

    /// <summary>Copies a column back to the host, in the order of the stream.</summary>
    public void Download(long offset, long bytes) =>
        Device(offset, bytes).CopyTo(Stream, pinned.ArrayView.SubView(offset, bytes));

    public void Dispose()
    {
        Stream.Dispose();
        pinned.Dispose();
        device.Dispose();
    }
}
