using BenchmarkDotNet.Attributes;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;

namespace GpuDiag.Benchmarks;

/// <summary>Count with calibration on one thread: 100 classes, 50 segments, resident narrow columns. Divide by <see cref="Rows"/>.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class CountBench
{
    public const int Rows = 1 << 17;
    private CountBatch? batch;
    private IFold<CountBatch, CountState>? fold;

    /// <summary>Nine rows in ten in one segment and class, as real predictions are.</summary>
    [Params(false, true)]
    public bool Skewed { get; set; }

    [Params(LaneWidth.Vector512, LaneWidth.Vector256)]
    public LaneWidth Lanes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        Domain classes = new("label"), segments = new("segment");
        CodeColumn labels = new(classes, Rows), predictions = new(classes, Rows), segment = new(segments, Rows);
        NumberColumn confidence = new(Rows);
        labels.SetLimit(101);
        predictions.SetLimit(101);
        segment.SetLimit(51);
        confidence.SetPrecision(isDouble: false);
        for (int i = 0; i < Rows; i++)
        {
            bool common = Skewed && random.Next(10) > 0;
            labels.Bytes[i] = (byte)(common ? 1 : random.Next(1, 101));
            predictions.Bytes[i] = random.Next(10) > 1 ? labels.Bytes[i] : (byte)random.Next(1, 101);
            segment.Bytes[i] = (byte)(common ? 1 : random.Next(1, 51));
            confidence.Floats[i] = random.NextSingle();
        }

        batch = new CountBatch(Rows, labels, predictions, [segment], confidence);
        fold = new CpuBackend(Lanes).Count(new CountPlan(classes, [segments], Calibration: true));
    }

    [GlobalCleanup]
    public void Cleanup() => fold!.Dispose();

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Accept() => fold!.Accept(batch!);
}
