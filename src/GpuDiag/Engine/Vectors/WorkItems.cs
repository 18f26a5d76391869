using System.Runtime.InteropServices;

namespace GpuDiag.Engine.Vectors;

/// <summary>Deals numbered work to threads, one item at a time, each thread with native memory of its own.</summary>
internal static unsafe class WorkItems
{
    /// <param name="Item">From 0.</param>
    /// <param name="Scratch">The thread's memory, aligned to 64 bytes, with what was left there by its last item.</param>
    public delegate void Body(int Item, nint Scratch);

    /// <summary>Runs all items; returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">The plan was cancelled; items not yet begun are left out.</exception>
    public static void Run(NeighborPlan plan, int items, long scratchBytes, Body body)
    {
        int next = 0;
        Parallel.For(0, Math.Min(items, Math.Max(1, plan.Threads)), new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, plan.Threads) }, _ =>
        {
            void* scratch = NativeMemory.AlignedAlloc((nuint)scratchBytes + 64, 64);
            try
            {
                for (int item = Interlocked.Increment(ref next) - 1; item < items && !plan.Cancel.IsCancellationRequested;
                    item = Interlocked.Increment(ref next) - 1)
                {
                    body(item, (nint)scratch);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(scratch);
            }
        });
        plan.Cancel.ThrowIfCancellationRequested();
    }
}
