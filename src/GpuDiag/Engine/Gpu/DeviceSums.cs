using System.Numerics;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// Cells of 64-bit totals per table and code on a device. Few cells are kept in several copies (a power of two), which a
/// drain adds up. Holds 2³² rows between two drains.
/// </summary>
/// <param name="lane">Whose memory is used.</param>
/// <param name="limits">How many copies.</param>
/// <param name="fields">Totals per cell.</param>
internal sealed class DeviceSums(DeviceLane lane, GpuLimits limits, int fields)
{
    private long[] bounds = [];
    private MemoryBuffer1D<ulong, Stride1D.Dense>? cells;
    private MemoryBuffer1D<long, Stride1D.Dense>? deviceBounds;

    public int Replicas { get; private set; }

    public ArrayView<ulong> Cells => cells!.View.BaseView;

    /// <summary>First cell and end of each table, alternating.</summary>
    public ArrayView<long> Bounds => deviceBounds!.View.BaseView;

    /// <summary>Makes empty tables of these sizes.</summary>
    public void Reset(ReadOnlySpan<int> sizes)
    {
        bounds = new long[2 * sizes.Length];
        long end = 0;
        for (int t = 0; t < sizes.Length; t++)
        {
            bounds[2 * t] = end;
            bounds[(2 * t) + 1] = end += sizes[t];
        }

        Replicas = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, limits.Cells / Math.Max(1, end)));
        lane.Free(cells);
        lane.Free(deviceBounds);
        cells = lane.Allocate<ulong>(Math.Max(1, end) * Replicas * fields);
        deviceBounds = lane.Upload<long>(bounds);
    }

    /// <summary>Gives every cell's totals and empties them. Everything launched must have finished.</summary>
    public void Drain(Action<int, int, ulong[]> add)
    {
        if (cells is null)
        {
            return;
        }

        ulong[] values = lane.Download(cells), sums = new ulong[fields];
        for (int t = 0; 2 * t < bounds.Length; t++)
        {
            for (long cell = bounds[2 * t]; cell < bounds[(2 * t) + 1]; cell++)
            {
                Array.Clear(sums);
                bool any = false;
                for (long i = cell * Replicas * fields; i < (cell + 1) * Replicas * fields; i++)
                {
                    sums[i % fields] += values[i];
                    any |= values[i] != 0;
                }

                if (any)
                {
                    add(t, (int)(cell - bounds[2 * t]), sums);
                }
            }
        }

        lane.Clear(cells);
    }

    /// <summary>The exact sum whose halves are two neighbouring totals.</summary>
    public static FixedSum Sum(ulong[] totals, int at) => FixedSum.FromHalves(totals[at], (long)totals[at + 1]);
}
