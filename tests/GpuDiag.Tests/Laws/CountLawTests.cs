using CsCheck;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

public sealed class CountLawTests
{
    private static readonly double[] EdgeConfidences =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1e-3, -1.0001e-3, -1e-9, -0.0, 0, 1, 1.001, 1.0011, 2,
        1 / 15.0, 2 / 15.0, 7 / 15.0, 14 / 15.0, double.Epsilon, 1e-12, 0.99999999,
    ];

    private static readonly Gen<double> Confidence = Gen.Frequency((3, Gen.Double[0, 1]), (1, Gen.Int[0, EdgeConfidences.Length - 1].Select(i => EdgeConfidences[i])));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void Count_IsTheReference_ForAnySplitWidthAndOrder(string backend) =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 60], Gen.Int[0, 900], Gen.Int[0, 1000].Array[0, 5], Gen.Int[1, 4], Gen.Int[0, 2].Select(i => 1 << i), Gen.Bool)
            .SelectMany(shape => Gen.Select(
                Gen.Const(shape),
                Gen.Int[0, shape.Item1].Array[shape.Item3],
                Gen.Int[0, shape.Item1].Array[shape.Item3],
                Gen.Int[0, shape.Item2].Array[shape.Item3],
                Confidence.Array[shape.Item3]))
            .Sample(
                (shape, labels, predictions, segments, confidences) =>
                {
                    (int _, int _, int rows, int[] cuts, int folds, int width, bool isDouble) = shape;
                    Rows table = new([.. labels.Select(Text)], [.. predictions.Select(Text)], [.. segments.Select(Text)], [.. labels.Select((l, i) => Text((l * segments[i]) % 7))], confidences);
                    Run expected = table.Prepare(1, isDouble);
                    byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().Count(expected.Plan), rows, [], 1, expected.Batch));
                    Run actual = table.Prepare(width, isDouble);
                    CountState state = FoldLaw.Run(() => LawBackends.Of(backend).Count(actual.Plan), rows, cuts, folds, actual.Batch);
                    Assert.Equal(bytes, FoldLaw.Bytes(state));
                },
                iter: LawBackends.Samples(backend));

    [Theory]
    [MemberData(nameof(LawBackends.Names), MemberType = typeof(LawBackends))]
    public void Count_IsTheReference_WhenCellsNoLongerFitAnArray(string backend)
    {
        // 1,500 classes × 40 segments pass the largest array; classes arrive by and by, so the first batches still fit.
        Random random = new(5);
        int rows = 6000;
        string?[] Draw(Func<int, int> limit) => [.. Enumerable.Range(0, rows).Select(i => Text(random.Next(limit(i))))];
        Rows table = new(Draw(i => 1 + (i / 4)), Draw(i => 1 + (i / 4)), Draw(_ => 40), Draw(_ => 3), [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())]);
        Run expected = table.Prepare(1, false), actual = table.Prepare(1, false);
        byte[] bytes = FoldLaw.Bytes(FoldLaw.Run(() => new ReferenceBackend().Count(expected.Plan), rows, [], 1, expected.Batch));
        CountState state = FoldLaw.Run(() => LawBackends.Of(backend).Count(actual.Plan), rows, [50, 300, 1000, 2500, 4000], 2, actual.Batch);
        Assert.Equal(bytes, FoldLaw.Bytes(state));
    }

    [Fact]
    public void Count_BinsEveryFloatNearAnEdgeAsTheDoubleFormula()
    {
        List<double> confidences = [];
        for (int edge = 0; edge <= 15; edge++)
        {
            float near = (float)(edge / 15.0);
            for (int ulps = -200; ulps <= 200; ulps++)
            {
                confidences.Add(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(near) + (edge == 0 ? Math.Abs(ulps) : ulps)));
            }
        }

        string?[] ones = [.. confidences.Select(_ => "1")];
        Rows table = new(ones, ones, ones, ones, [.. confidences]);
        Run run = table.Prepare(1, false);
        using IFold<CountBatch, CountState> fold = new CpuBackend().Count(run.Plan);
        fold.Accept(run.Batch(0, confidences.Count));
        CountTable overall = fold.Take().Overall;
        for (int bin = 0; bin < Calibration.Bins; bin++)
        {
            Assert.Equal(confidences.Count(c => Math.Clamp((int)Math.Ceiling(15 * c) - 1, 0, 14) == bin), overall.Calibration(0, bin).Rows);
        }
    }

    [Fact]
    public void Count_StartsFromNothingAfterTake()
    {
        Rows table = new(["a", "b"], ["a", "a"], ["x", null], ["y", "y"], [0.5, 0.25]);
        Run run = table.Prepare(1, false);
        using IFold<CountBatch, CountState> fold = new CpuBackend().Count(run.Plan);
        fold.Accept(run.Batch(0, 2));
        byte[] first = FoldLaw.Bytes(fold.Take());
        Assert.Equal(0, fold.Take().Overall.CellCount);
        fold.Accept(run.Batch(0, 2));
        Assert.Equal(first, FoldLaw.Bytes(fold.Take()));
    }

    private static string? Text(int value) => value == 0 ? null : $"v{value}";

    private sealed record Rows(string?[] Labels, string?[] Predictions, string?[] First, string?[] Second, double[] Confidences)
    {
        /// <summary>With domains of its own, which fill in the order in which batches are asked for.</summary>
        public Run Prepare(int width, bool isDouble)
        {
            Domain classes = new("label"), first = new("first"), second = new("second");
            CountPlan plan = new(classes, [first, second], Calibration: true);
            return new Run(plan, (start, end) => new CountBatch(
                end - start,
                TestColumns.Codes(classes, Labels[start..end], width),
                TestColumns.Codes(classes, Predictions[start..end], width),
                [TestColumns.Codes(first, First[start..end], width), TestColumns.Codes(second, Second[start..end], width)],
                TestColumns.Numbers(Confidences[start..end], isDouble)));
        }
    }

    private sealed record Run(CountPlan Plan, Func<int, int, CountBatch> Batch);
}
