using BenchmarkDotNet.Attributes;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;

namespace GpuDiag.Benchmarks;

/// <summary>The operations on probability rows on one thread, 100 classes of float32, 2,000 score keys per class. Per row.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RowsBench
{
    private const int Rows = 1 << 15;
    private const int Classes = 100;
    private ScoreBatch? scoreBatch;
    private RankBatch? rankBatch;
    private TemperBatch? temperBatch;
    private IFold<ScoreBatch, ScoreState>? score;
    private IFold<RankBatch, RankState>? rank;
    private IFold<TemperBatch, TemperState>? temper;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        Domain classes = new("label");
        int[] codes = [.. Enumerable.Range(0, Classes).Select(k => classes.Code(k))];
        CodeColumn labels = new(classes, Rows);
        MatrixColumn matrix = new();
        labels.SetLimit(classes.Count);
        matrix.Reserve(Rows, Classes, isDouble: false);
        KeyHistogram own = new(2000);
        for (int r = 0; r < Rows; r++)
        {
            int label = random.Next(Classes);
            labels.Bytes[r] = (byte)codes[label];
            Span<float> row = matrix.Floats(Rows).Slice(r * Classes, Classes);
            float sum = 0;
            for (int k = 0; k < Classes; k++)
            {
                row[k] = MathF.Exp((8 * random.NextSingle()) + (k == label ? 4 : 0));
                sum += row[k];
            }

            for (int k = 0; k < Classes; k++)
            {
                row[k] /= sum;
            }

            own.Add(row[label]);
        }

        scoreBatch = new ScoreBatch(Rows, matrix, labels, [], new RowScores(Rows));
        rankBatch = new RankBatch(Rows, matrix, labels, null);
        temperBatch = new TemperBatch(Rows, matrix, labels, []);
        CpuBackend backend = new();
        ScorePartition partition = own.ToPartition();
        score = backend.ScoreRows(new ScorePlan(classes, codes, []));
        rank = backend.Rank(new RankPlan(classes, codes, null, [.. codes.Select(_ => partition)]));
        temper = backend.Temper(new TemperPlan(classes, codes, [], [[1.0]]));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        score!.Dispose();
        rank!.Dispose();
        temper!.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void ScoreRows() => score!.Accept(scoreBatch!);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Rank() => rank!.Accept(rankBatch!);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Temper() => temper!.Accept(temperBatch!);
}
