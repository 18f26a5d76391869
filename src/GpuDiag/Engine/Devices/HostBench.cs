using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GpuDiag.Columns;
using GpuDiag.Kernels;

namespace GpuDiag.Engine.Devices;

/// <summary>The host's memory and arithmetic limits, and each operation on all threads beside them.</summary>
internal static class HostBench
{
    private const int Classes = 100;

    /// <summary>Beyond a first-level cache, within a second.</summary>
    private const long CachedBytes = 256L << 10;

    public static (IReadOnlyList<BenchLimit> Limits, IReadOnlyList<BenchFigure> Figures) Run(Backend backend, int threads, BenchScale scale)
    {
        var one = new BenchLimit("memory read, one thread", Read(scale, 1), "B/s");
        var all = new BenchLimit($"memory read, {threads} threads", Read(scale, threads), "B/s");
        var arithmetic = new BenchLimit($"double multiply-add, {threads} threads", MultiplyAdd(scale, threads), "operations/s");
        List<BenchFigure> figures = [];
        Measure(scale.CodeRows, 50, (data, rows) =>
        {
            var plan = new CountPlan(data[0].Classes, [data[0].Segments], Calibration: true);
            double seconds = Time(data, scale, () => backend.Count(plan), c => new CountBatch(c.Rows, c.Label, c.Prediction, [c.Segment], c.Confidence));
            figures.Add(BenchFigure.Of("Count", $"uint8 label, prediction and segment, float confidence, {Classes} classes, 50 segments", rows, seconds, (7, all)));
        });
        Measure(scale.MatrixRows, 4, (data, rows) =>
        {
            const string Data = "100 float probabilities, 4 segments";
            double bytes = 4.0 * Classes;
            var score = new ScorePlan(data[0].Classes, data[0].ClassCodes, [data[0].Segments]);
            figures.Add(BenchFigure.Of(
                "ScoreRows", Data, rows, Time(data, scale, () => backend.ScoreRows(score), c => new ScoreBatch(c.Rows, c.Matrix, c.Label, [c.Segment], c.Scores)), (bytes, all), (ScoreRowsKernel.OperationsPerEntry * Classes, arithmetic)));
            RankPlan rank = BenchPlans.Rank(data[0]);
            figures.Add(BenchFigure.Of(
                "Rank", Data + ", 1,000 keys per class", rows, Time(data, scale, () => backend.Rank(rank), c => new RankBatch(c.Rows, c.Matrix, c.Label, null)), (bytes, all)));
            TemperPlan temper = BenchPlans.Temper(data[0]);
            figures.Add(BenchFigure.Of(
                "Temper", Data + ", one β", rows, Time(data, scale, () => backend.Temper(temper), c => new TemperBatch(c.Rows, c.Matrix, c.Label, [c.Segment])), (bytes, all), (TemperKernel.OperationsPerEntry * Classes, arithmetic)));
        });
        var single = new BenchLimit($"float multiply-add, {threads} threads", SingleMultiplyAdd(scale, threads), "operations/s");
        figures.Add(BenchPlans.Neighbors(backend, Math.Max(1, scale.MatrixRows / 16), scale.MatrixRows, threads, scale, single, backend.Description));
        var cached = new BenchLimit($"second-level cache read, {threads} threads", Read(scale, threads, CachedBytes), "B/s");
        figures.Add(BenchPlans.Intersect(backend, scale.CodeRows, threads, scale, cached, backend.Description));
        figures.Add(BenchPlans.HeadGradient(backend, scale.MatrixRows, threads, scale, arithmetic, backend.Description));
        return ([one, all, arithmetic, single, cached], figures);

        void Measure(int rows, int segments, Action<CheckCase[], long> measure)
        {
            CheckCase[] data = [.. Enumerable.Range(0, threads).Select(_ => new CheckCase(CheckShape.Random, rows, Classes, segments, false, withMatrix: segments < 50))];
            measure(data, (long)rows * threads);
            Array.ForEach(data, d => d.Dispose());
        }
    }

    private static double Time<TBatch, TState>(CheckCase[] data, BenchScale scale, Func<IFold<TBatch, TState>> fold, Func<CheckCase, TBatch> batch)
        where TState : IState<TState>
    {
        IFold<TBatch, TState>[] folds = [.. data.Select(_ => fold())];
        TBatch[] batches = [.. data.Select(batch)];
        double best = DeviceBench.Best(scale.Repetitions, () => Parallel(data.Length, t => folds[t].Accept(batches[t])));
        Array.ForEach(folds, f => f.Dispose());
        return best;
    }

    private static double Read(BenchScale scale, int threads) => Read(scale, threads, scale.LimitBytes);

    /// <summary>Bytes a second, from memory of this size per thread, read as often as needed.</summary>
    private static double Read(BenchScale scale, int threads, long size)
    {
        AlignedMemory[] memory = [.. Enumerable.Range(0, threads).Select(_ => new AlignedMemory())];
        long bytes = Math.Min(size, scale.LimitBytes), turns = scale.LimitBytes / bytes;
        foreach (AlignedMemory m in memory)
        {
            m.Reserve((nuint)bytes);
            m.Span<byte>((int)bytes).Fill(1); // Memory that was never written to is not there.
        }

        long[] sums = new long[threads];
        double seconds = DeviceBench.Best(scale.Repetitions, () => Parallel(threads, t =>
        {
            Vector512<long> a = default, b = default, c = default, d = default;
            for (long turn = 0; turn < turns; turn++)
            {
                // Four sums, so that none waits for its own addition.
                ReadOnlySpan<Vector512<long>> all = MemoryMarshal.Cast<byte, Vector512<long>>(memory[t].Span<byte>((int)bytes));
                for (int i = 0; i + 4 <= all.Length; i += 4)
                {
                    a += all[i];
                    b += all[i + 1];
                    c += all[i + 2];
                    d += all[i + 3];
                }
            }

            sums[t] = Vector512.Sum(a + b + c + d);
        }));
        Array.ForEach(memory, m => m.Dispose());
        return threads * bytes * turns / seconds;
    }

    private static double MultiplyAdd(BenchScale scale, int threads)
    {
        long rounds = scale.LimitBytes / 16;
        double[] sums = new double[threads];
        double seconds = DeviceBench.Best(scale.Repetitions, () => Parallel(threads, t =>
        {
            Vector512<double> a = Vector512.Create(0.999), b = Vector512.Create(1e-3);
            Vector512<double> c0 = a, c1 = b, c2 = a + b, c3 = a - b, c4 = b - a, c5 = -a, c6 = -b, c7 = a * b;
            for (long i = 0; i < rounds; i++)
            {
                c0 = Vector512.FusedMultiplyAdd(a, c0, b);
                c1 = Vector512.FusedMultiplyAdd(a, c1, b);
                c2 = Vector512.FusedMultiplyAdd(a, c2, b);
                c3 = Vector512.FusedMultiplyAdd(a, c3, b);
                c4 = Vector512.FusedMultiplyAdd(a, c4, b);
                c5 = Vector512.FusedMultiplyAdd(a, c5, b);
                c6 = Vector512.FusedMultiplyAdd(a, c6, b);
                c7 = Vector512.FusedMultiplyAdd(a, c7, b);
            }

            sums[t] = Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
        }));
        return 64.0 * rounds * threads / seconds;
    }

    private static double SingleMultiplyAdd(BenchScale scale, int threads)
    {
        long rounds = scale.LimitBytes / 16;
        float[] sums = new float[threads];
        double seconds = DeviceBench.Best(scale.Repetitions, () => Parallel(threads, t =>
        {
            Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(1e-3f);
            Vector512<float> c0 = a, c1 = b, c2 = a + b, c3 = a - b, c4 = b - a, c5 = -a, c6 = -b, c7 = a * b;
            for (long i = 0; i < rounds; i++)
            {
                c0 = Vector512.FusedMultiplyAdd(a, c0, b);
                c1 = Vector512.FusedMultiplyAdd(a, c1, b);
                c2 = Vector512.FusedMultiplyAdd(a, c2, b);
                c3 = Vector512.FusedMultiplyAdd(a, c3, b);
                c4 = Vector512.FusedMultiplyAdd(a, c4, b);
                c5 = Vector512.FusedMultiplyAdd(a, c5, b);
                c6 = Vector512.FusedMultiplyAdd(a, c6, b);
                c7 = Vector512.FusedMultiplyAdd(a, c7, b);
            }

            sums[t] = Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
        }));
        return 128.0 * rounds * threads / seconds;
    }

    private static void Parallel(int threads, Action<int> body)
    {
        Thread[] all = [.. Enumerable.Range(1, threads - 1).Select(t => new Thread(() => body(t)))];
        Array.ForEach(all, t => t.Start());
        body(0);
        Array.ForEach(all, t => t.Join());
    }
}
