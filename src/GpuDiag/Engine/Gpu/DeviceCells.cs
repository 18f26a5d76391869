using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using HashLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, long, int, int, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, ILGPU.ArrayView<GpuDiag.Kernels.Words>, long, int, int, ILGPU.ArrayView<ulong>>;
using RehashLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>, ILGPU.ArrayView<ulong>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// The cells of one count table on a device: dense in shared memory while they fit there, dense in device memory while
/// they fit the budget, else a hash table that grows and, at the end of the budget, is emptied into the host's state.
/// </summary>
internal sealed class DeviceCells(DeviceLane lane, GpuLimits limits)
{
    private readonly Launch?[] shared = new Launch?[16];
    private readonly Launch?[] global = new Launch?[16];
    private readonly HashLaunch?[] hashed = new HashLaunch?[16];
    private MemoryBuffer1D<ulong, Stride1D.Dense>? cells, keys, distinct;
    private int classes, segments;
    private long distinctBound;

    private long Budget => limits.TableBytes ?? lane.TableBudget;

    private long DenseCells => (long)segments * classes * classes;

    private bool IsShared => (DenseCells + 1) * sizeof(uint) <= limits.SharedBytes;

    private bool IsDense => IsShared || (DenseCells + 1) * sizeof(ulong) <= Budget;

    /// <summary>Makes an empty table for codes below these limits.</summary>
    public void Reset(int classLimit, int segmentLimit)
    {
        (classes, segments) = (classLimit, segmentLimit);
        if (DenseCells >= long.MaxValue / 2 || (double)segments * classes * classes > 9e18)
        {
            throw new DeviceException($"{segments} segments × {classes}² classes are more cells than 63 bits can number; use --device cpu");
        }

        Release();
        if (IsDense)
        {
            cells = lane.Allocate<ulong>(DenseCells + 1);
        }
        else
        {
            AllocateHash(limits.HashSlots);
        }
    }

    /// <summary>Launches the count of some rows. The host's state is needed where the hash table must be emptied first.</summary>
    public void Count(AcceleratorStream stream, ArrayView<Words> label, ArrayView<Words> prediction, ArrayView<Words> segment, int classWidth, int segmentWidth, long rows, CountTable host)
    {
        int index = (CodeWidths.Index(classWidth) * 4) + CodeWidths.Index(segmentWidth);
        long threads = rows / CountKernel.RowsPerStep;
        if (IsShared)
        {
            shared[index] ??= Load<Launch>(nameof(CountKernel.Shared), classWidth, segmentWidth);
            int bytes = (int)(DenseCells + 1) * sizeof(uint);

            // A group's flush costs an atomic per cell: give it four times as many rows.
            long groups = Math.Clamp(rows / (4 * DenseCells), 1, int.MaxValue);
            shared[index]!(stream, lane.Grid(threads, bytes, (int)groups), label, prediction, segment, rows, classes, segments, cells!.View.BaseView);
        }
        else if (IsDense)
        {
            global[index] ??= Load<Launch>(nameof(CountKernel.Global), classWidth, segmentWidth);
            global[index]!(stream, lane.Grid(threads), label, prediction, segment, rows, classes, segments, cells!.View.BaseView);
        }
        else
        {
            MakeRoom(rows, host);
            hashed[index] ??= Load<HashLaunch>(nameof(CountKernel.Hashed), classWidth, segmentWidth);
            hashed[index]!(stream, lane.Grid(threads), label, prediction, segment, rows, classes, segments, keys!.View.BaseView, cells!.View.BaseView, distinct!.View.BaseView);
            distinctBound += rows;
        }
    }

    /// <summary>Adds the table to the host's and empties it. Everything launched must have finished.</summary>
    public void Drain(CountTable host)
    {
        if (cells is null)
        {
            return;
        }

        ulong[] counts = lane.Download(cells);
        ulong[]? codes = keys is null ? null : lane.Download(keys);
        for (long i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                long cell = codes is null ? i : (long)codes[i] - 1;
                if (cell == DenseCells)
                {
                    throw new DeviceException($"{lane.Accelerator.Name}: {counts[i]} rows hold codes beyond their domain; the reader or the device's memory is at fault");
                }

                long pair = cell / classes;
                host.Add((int)(pair / classes), (int)(pair % classes), (int)(cell % classes), (long)counts[i]);
            }
        }

        lane.Clear(cells);
        if (keys is not null)
        {
            lane.Clear(keys);
            lane.Clear(distinct!);
            distinctBound = 0;
        }
    }

    private TLaunch Load<TLaunch>(string kernel, int classWidth, int segmentWidth)
        where TLaunch : Delegate =>
        lane.Load<TLaunch>(typeof(CountKernel), kernel, CodeWidths.Reader(classWidth), CodeWidths.Reader(segmentWidth));

    /// <summary>Keeps half of the hash table free even if every row brings a new key.</summary>
    private void MakeRoom(long rows, CountTable host)
    {
        if (2 * (distinctBound + rows) <= keys!.Length)
        {
            return;
        }

        lane.Synchronize();
        distinctBound = (long)lane.Download(distinct!)[0];
        long slots = keys.Length;
        while (slots < 2 * (distinctBound + rows))
        {
            slots *= 2;
        }

        if (slots == keys.Length)
        {
            return;
        }

        if (distinctBound == 0 || slots * 2L * sizeof(ulong) > Budget / 4)
        {
            Drain(host);
            slots = keys.Length;
            while (slots < 2 * rows)
            {
                slots *= 2;
            }

            if (slots != keys.Length)
            {
                Release();
                AllocateHash(slots);
            }

            return;
        }

        MemoryBuffer1D<ulong, Stride1D.Dense> oldKeys = keys, oldCells = cells!, oldDistinct = distinct!;
        AllocateHash(slots);
        var rehash = lane.Load<RehashLaunch>(typeof(CountKernel), nameof(CountKernel.Rehash));
        rehash(lane.Accelerator.DefaultStream, lane.Grid(oldKeys.Length), oldKeys.View.BaseView, oldCells.View.BaseView, keys.View.BaseView, cells!.View.BaseView, distinct!.View.BaseView);
        lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        distinctBound = (long)lane.Download(distinct)[0];
        lane.Free(oldKeys);
        lane.Free(oldCells);
        lane.Free(oldDistinct);
    }

    private void AllocateHash(long slots)
    {
        keys = lane.Allocate<ulong>(slots);
        cells = lane.Allocate<ulong>(slots);
        distinct = lane.Allocate<ulong>(1);
        distinctBound = 0;
    }

    private void Release()
    {
        lane.Free(cells);
        lane.Free(keys);
        lane.Free(distinct);
        cells = keys = distinct = null;
    }
}
