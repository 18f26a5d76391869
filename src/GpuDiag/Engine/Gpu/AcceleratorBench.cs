using GpuDiag.Engine.Devices;
using GpuDiag.Kernels;
using ILGPU;
using ILGPU.Runtime;
using FmaLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, int, double, double, ILGPU.ArrayView<double>>;
using SingleLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, int, float, float, ILGPU.ArrayView<float>>;

namespace GpuDiag.Engine.Gpu;

/// <summary>
/// An accelerator's copy, link and arithmetic limits; counting of resident codes beside the copy bandwidth; and each
/// operation from host memory beside the slower of link and arithmetic. One accelerator: the first.
/// </summary>
internal static class AcceleratorBench
{
    private const int Classes = 100;

    public static (IReadOnlyList<BenchLimit> Limits, IReadOnlyList<BenchFigure> Figures) Run(GpuBackend backend, BenchScale scale)
    {
        using DeviceLane lane = backend.Arena.NewLane();

        // Resident data must be far larger than a cache, and launches long beside their overhead.
        bool isSimulator = backend.Name == "simulator";
        long bytes = isSimulator ? scale.LimitBytes : Math.Min(1L << 32, lane.Accelerator.MemorySize / 16);
        BenchLimit copy = new("device copy, read and write", 2 * bytes / Copy(lane, bytes, scale), "B/s");
        (double up, double down) = Link(lane, scale);
        BenchLimit upload = new("pinned upload", up, "B/s"), download = new("pinned download", down, "B/s");
        BenchLimit arithmetic = new("double multiply-add", MultiplyAdd(lane, isSimulator ? 4 : 1 << 14, scale), "operations/s");
        List<BenchFigure> figures = [Resident(lane, 4, bytes, scale, copy), Resident(lane, 1, bytes, scale, copy)];
        figures.AddRange(FromHost(backend, scale, upload, arithmetic));
        BenchLimit single = new("float multiply-add", SingleMultiplyAdd(lane, isSimulator ? 4 : 1 << 16, scale), "operations/s");
        bool onTensorCores = TensorCores.Fault(lane.Accelerator).Length == 0;
        int queries = isSimulator ? 4 : scale.MatrixRows, rows = isSimulator ? 64 : 4 * scale.MatrixRows;
        figures.Add(BenchPlans.Neighbors(backend, queries, rows, Environment.ProcessorCount, scale, single, onTensorCores ? "from host memory, on tensor cores" : "from host memory"));
        figures.Add(BenchPlans.Intersect(backend, scale.CodeRows, Environment.ProcessorCount, scale, copy, "from host memory"));
        figures.Add(BenchPlans.HeadGradient(backend, isSimulator ? 16 : scale.MatrixRows, Environment.ProcessorCount, scale, arithmetic, "rows resident"));
        return ([copy, upload, download, arithmetic, single], figures);
    }

    private static double Copy(DeviceLane lane, long bytes, BenchScale scale)
    {
        MemoryBuffer1D<byte, Stride1D.Dense> from = lane.Allocate<byte>(bytes), to = lane.Allocate<byte>(bytes);
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            from.View.BaseView.CopyTo(lane.Accelerator.DefaultStream, to.View.BaseView);
            lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        });
        lane.Free(from);
        lane.Free(to);
        return seconds;
    }

    private static (double Up, double Down) Link(DeviceLane lane, BenchScale scale)
    {
        lane.Stage(scale.LimitBytes);
        double Time(Action<StagingBlock> transfer) => scale.LimitBytes / DeviceBench.Best(scale.Repetitions, () =>
        {
            transfer(lane.Block);
            lane.Guard(lane.Block.Stream.Synchronize);
        });
        return (Time(b => b.Upload(0, scale.LimitBytes)), Time(b => b.Download(0, scale.LimitBytes)));
    }

    private static double MultiplyAdd(DeviceLane lane, int rounds, BenchScale scale)
    {
        var launch = lane.Load<FmaLaunch>(typeof(LimitsKernel), nameof(LimitsKernel.MultiplyAdd));
        KernelConfig grid = lane.Grid(long.MaxValue / 2);
        MemoryBuffer1D<double, Stride1D.Dense> results = lane.Allocate<double>(grid.Size);
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            launch(lane.Accelerator.DefaultStream, grid, rounds, 0.999, 1e-3, results.View.BaseView);
            lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        });
        lane.Free(results);
        return (double)grid.Size * rounds * LimitsKernel.Chains / seconds;
    }

    private static double SingleMultiplyAdd(DeviceLane lane, int rounds, BenchScale scale)
    {
        var launch = lane.Load<SingleLaunch>(typeof(LimitsKernel), nameof(LimitsKernel.SingleMultiplyAdd));
        KernelConfig grid = lane.Grid(long.MaxValue / 2);
        MemoryBuffer1D<float, Stride1D.Dense> results = lane.Allocate<float>(grid.Size);
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            launch(lane.Accelerator.DefaultStream, grid, rounds, 0.999f, 1e-3f, results.View.BaseView);
            lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        });
        lane.Free(results);
        return (double)grid.Size * rounds * LimitsKernel.Chains / seconds;
    }

    /// <summary>Label × prediction of resident codes: two columns of half the bytes each.</summary>
    private static BenchFigure Resident(DeviceLane lane, int width, long bytes, BenchScale scale, BenchLimit copy)
    {
        long rows = bytes / 2 / width;
        MemoryBuffer1D<byte, Stride1D.Dense> label = lane.Allocate<byte>(bytes / 2), prediction = lane.Allocate<byte>(bytes / 2);
        byte[] chunk = new byte[Math.Min(bytes / 2, 1 << 24)];
        var random = new Random(width);
        foreach (MemoryBuffer1D<byte, Stride1D.Dense> column in (ReadOnlySpan<MemoryBuffer1D<byte, Stride1D.Dense>>)[label, prediction])
        {
            for (int i = 0; i < chunk.Length; i += width)
            {
                chunk[i] = (byte)random.Next(Classes);
            }

            for (long at = 0; at < column.Length; at += chunk.Length)
            {
                column.View.SubView(at, Math.Min(chunk.Length, column.Length - at)).CopyFromCPU(
                    lane.Accelerator.DefaultStream, (ReadOnlySpan<byte>)chunk.AsSpan(0, (int)Math.Min(chunk.Length, column.Length - at)));
            }
        }

        lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        var cells = new DeviceCells(lane, GpuLimits.Device);
        cells.Reset(Classes, 1);
        ArrayView<Words> labels = label.View.BaseView.Cast<Words>(), predictions = prediction.View.BaseView.Cast<Words>();
        var unused = new CountTable(null, new Columns.Domain("class"));
        double seconds = DeviceBench.Best(scale.Repetitions, () =>
        {
            cells.Count(lane.Accelerator.DefaultStream, labels, predictions, labels, width, 0, rows, unused);
            lane.Guard(lane.Accelerator.DefaultStream.Synchronize);
        });
        lane.Free(label);
        lane.Free(prediction);
        return BenchFigure.Of("Count", $"{(width == 4 ? "int32" : "uint8")} label and prediction, resident, {Classes} classes", rows, seconds, (2.0 * width, copy));
    }

    /// <summary>The folds as a scan uses them, from batches in host memory.</summary>
    private static IEnumerable<BenchFigure> FromHost(GpuBackend backend, BenchScale scale, BenchLimit upload, BenchLimit arithmetic)
    {
        using (var data = new CheckCase(CheckShape.Random, scale.CodeRows, Classes, 50, false, withMatrix: false))
        {
            var plan = new CountPlan(data.Classes, [data.Segments], Calibration: true);
            double seconds = Time(backend.Count(plan), new CountBatch(data.Rows, data.Label, data.Prediction, [data.Segment], data.Confidence), scale);
            yield return BenchFigure.Of("Count", $"uint8 label, prediction and segment, float confidence, from host memory, {Classes} classes, 50 segments", data.Rows, seconds, (7, upload));
        }

        using (var data = new CheckCase(CheckShape.Random, scale.MatrixRows, Classes, 4, false))
        {
            const string Data = "100 float probabilities from host memory, 4 segments";
            double bytes = (4.0 * Classes) + 2;
            var score = new ScorePlan(data.Classes, data.ClassCodes, [data.Segments]);
            double seconds = Time(backend.ScoreRows(score), new ScoreBatch(data.Rows, data.Matrix, data.Label, [data.Segment], data.Scores), scale);
            yield return BenchFigure.Of("ScoreRows", Data, data.Rows, seconds, (bytes, upload), (ScoreRowsKernel.OperationsPerEntry * Classes, arithmetic));
            seconds = Time(backend.Rank(BenchPlans.Rank(data)), new RankBatch(data.Rows, data.Matrix, data.Label, null), scale);
            yield return BenchFigure.Of("Rank", Data + ", 1,000 keys per class", data.Rows, seconds, (bytes, upload));
            seconds = Time(backend.Temper(BenchPlans.Temper(data)), new TemperBatch(data.Rows, data.Matrix, data.Label, [data.Segment]), scale);
            yield return BenchFigure.Of("Temper", Data + ", one β", data.Rows, seconds, (bytes, upload), (TemperKernel.OperationsPerEntry * Classes, arithmetic));
        }
    }

    private static double Time<TBatch, TState>(IFold<TBatch, TState> fold, TBatch batch, BenchScale scale)
        where TState : IState<TState>
    {
        using (fold)
        {
            // Taking the state waits for the device.
            return DeviceBench.Best(scale.Repetitions, () =>
            {
                fold.Accept(batch);
                fold.Take();
            });
        }
    }
}
