using CsCheck;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>Every backend assigns each row as the reference does and has the same sums, for any cut of the rows.</summary>
public sealed class AssignLawTests
{
    private static readonly int[] Widths = [1, 2, 3, 7, 8, 17, 100];

    private static readonly Gen<(int Rows, int Width, int Centroids, VectorMetric Metric, bool Keys, float[] Values, float[] Own, int[] Cuts)> Case =
        from width in Gen.Int[0, 6].Select(i => Widths[i])
        from rows in Gen.Int[1, 150]
        from centroids in Gen.Int[1, 40]
        from metric in Gen.Enum<VectorMetric>()
        from keys in Gen.Bool
        from values in VectorSet.Values(rows, width)
        from own in VectorSet.Values(centroids, width)
        from taken in Gen.Int[0, rows - 1].Array[0, centroids]
        from cuts in Gen.Int[0, 1000].Array[0, 3]
        select (rows, width, centroids, metric, keys, values, Mix(own, values, taken, width), cuts);

    public static TheoryData<string> Backends => LawBackends.Names;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Assign_IsThatOfTheReference_ForAnyCutOfTheRows(string backend) => Case.Sample(
        c =>
        {
            using VectorSet vectors = new(c.Values, c.Width), centroids = new(c.Own, c.Width);
            double largest = c.Values.Concat(c.Own).Where(float.IsFinite).Max(Math.Abs);
            AssignPlan plan = new(centroids.Block, c.Metric, AssignGrid.For(c.Metric, largest, c.Width, c.Rows), c.Keys, 2);
            (int[] Nearest, double[] Keys) expected = (new int[c.Rows], new double[c.Rows]), actual = (new int[c.Rows], new double[c.Rows]);
            using ReferenceBackend reference = new();
            using IFold<AssignBatch, AssignState> fold = reference.Assign(plan);
            fold.Accept(new AssignBatch(vectors.Block, expected.Nearest, expected.Keys));
            AssignState state = FoldLaw.Run(
                () => LawBackends.Of(backend).Assign(plan),
                c.Rows,
                c.Cuts,
                2,
                (start, end) => new AssignBatch(
                    vectors.Block.Slice(start, end - start), actual.Nearest.AsMemory(start..end), actual.Keys.AsMemory(start..end)));
            Assert.Equal(expected.Nearest, actual.Nearest);
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.Equal(FoldLaw.Bytes(fold.Take()), FoldLaw.Bytes(state));
        },
        iter: LawBackends.Samples(backend),
        threads: 1);

    /// <summary>Some centroids are rows, some of those the same row, so that distances are 0 and tie.</summary>
    private static float[] Mix(float[] own, float[] values, int[] taken, int width)
    {
        for (int i = 0; i < taken.Length; i++)
        {
            values.AsSpan(taken[i] * width, width).CopyTo(own.AsSpan(i * width));
        }

        return own;
    }
}
