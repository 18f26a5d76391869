using GpuDiag.Engine.Heads;
using GpuDiag.Kernels;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using ProductLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<double>, int, int, int, int, ILGPU.ArrayView<double>>;
using ResidualLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<double>, ILGPU.ArrayView<int>, ILGPU.ArrayView<double>, ILGPU.ArrayView<int>, int, int, ILGPU.ArrayView<double>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>The gradient on a device: rows stay there, weights come and the gradient goes with each evaluation.</summary>
internal sealed unsafe class HeadGradientDevice : IHeadGradient
{
    /// <summary>Values that are copied at once.</summary>
    private const long Piece = 1 << 26;

    private readonly DeviceLane lane;
    private readonly int rows, width, side, classes, tile;
    private readonly double[] sampleWeights;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> values;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> factors, weights, gradient, logits, losses;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> labels, present;
    private readonly ProductLaunch multiply, add;
    private readonly ResidualLaunch subtract;

    public HeadGradientDevice(HeadPlan plan, DeviceLane lane)
    {
        this.lane = lane;
        rows = checked((int)plan.Rows.Rows);
        width = plan.Rows.Width;
        (side, classes) = (LinearRows.Padded(width + 1), LinearRows.Padded(plan.Present.Count));

        // The simulator pays for every thread that waits at a barrier.
        tile = lane.Accelerator.AcceleratorType == AcceleratorType.CPU ? 4 : Math.Min(16, NeighborDevice.Side(lane));
        sampleWeights = [.. plan.SampleWeights];
        values = lane.Allocate<float>((long)rows * width);
        for (long at = 0; at < values.Length; at += Piece)
        {
            int count = (int)Math.Min(Piece, values.Length - at);
            values.View.SubView(at, count).CopyFromCPU(Stream, new ReadOnlySpan<float>((float*)plan.Rows.Pointer + at, count));
            lane.Guard(Stream.Synchronize);
        }

        labels = lane.Upload<int>([.. plan.Labels]);
        factors = lane.Upload<double>(sampleWeights);
        present = lane.Upload<int>([.. Enumerable.Range(0, classes).Select(k => k < plan.Present.Count && plan.Present[k] ? 1 : 0)]);
        weights = lane.Allocate<double>(Length);
        gradient = lane.Allocate<double>(Length);
        logits = lane.Allocate<double>((long)Math.Min(rows, HeadLoss.Block) * classes);
        losses = lane.Allocate<double>(rows);
        multiply = lane.Load<ProductLaunch>(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Logits));
        subtract = lane.Load<ResidualLaunch>(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Residuals));
        add = lane.Load<ProductLaunch>(typeof(HeadGradientKernel), nameof(HeadGradientKernel.Products));
    }

    public int Length => checked(side * classes);

    private AcceleratorStream Stream => lane.Accelerator.DefaultStream;

    public double Evaluate(double[] weights, double[] gradient)
    {
        this.weights.View.BaseView.CopyFromCPU(Stream, weights);
        lane.Clear(this.gradient);
        lane.Guard(() =>
        {
            for (int first = 0; first < rows; first += HeadLoss.Block)
            {
                int count = Math.Min(HeadLoss.Block, rows - first);
                ArrayView<float> block = values.View.BaseView.SubView((long)first * width, (long)count * width);
                ArrayView<double> here = logits.View.BaseView.SubView(0, (long)count * classes);
                multiply(Stream, Tiles(count), block, this.weights.View.BaseView, count, width, side, classes, here);
                subtract(Stream, lane.Grid(count), here, labels.View.BaseView.SubView(first, count), factors.View.BaseView.SubView(first, count), present.View.BaseView, count, classes, losses.View.BaseView.SubView(first, count));
                add(Stream, Tiles(side), block, here, count, width, side, classes, this.gradient.View.BaseView);
            }
        });
        lane.Download(this.gradient).CopyTo(gradient, 0);
        fixed (double* s = sampleWeights, l = lane.Download(losses))
        {
            return HeadLoss.Sum(s, l, rows);
        }
    }

    public void Dispose() => lane.Dispose();

    private KernelConfig Tiles(int down) =>
        new(new Index2D((classes + tile - 1) / tile, (down + tile - 1) / tile), new Index2D(tile, tile), SharedMemoryConfig.RequestDynamic<double>(2 * tile * tile));
}
