using CsCheck;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>Every backend has the reference's sums of products, for any cut of the rows.</summary>
public sealed class CovarianceLawTests
{
    private static readonly int[] Widths = [1, 2, 7, 8, 23, 24, 25, 70];

    private static readonly Gen<(int Rows, int Width, float[] Values, int[] Cuts)> Case =
        from width in Gen.Int[0, 7].Select(i => Widths[i])
        from rows in Gen.Int[1, 150]
        from values in VectorSet.Values(rows, width)
        from cuts in Gen.Int[0, 1000].Array[0, 3]
        select (rows, width, values, cuts);

    public static TheoryData<string> Backends => LawBackends.Names;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Covariance_HasTheSumsOfTheReference_ForAnyCutOfTheRows(string backend) => Case.Sample(
        c =>
        {
            using VectorSet vectors = new(c.Values, c.Width);
            CovariancePlan plan = CovariancePlan.For(VectorRange.Of(vectors.Block, 2, default), 2);
            using ReferenceBackend reference = new();
            using IFold<VectorBlock, CovarianceState> expected = reference.Covariance(plan);
            expected.Accept(vectors.Block);
            CovarianceState state = FoldLaw.Run(
                () => LawBackends.Of(backend).Covariance(plan), c.Rows, c.Cuts, 2, (start, end) => vectors.Block.Slice(start, end - start));
            Assert.Equal(FoldLaw.Bytes(expected.Take()), FoldLaw.Bytes(state));
        },
        iter: LawBackends.Samples(backend),
        threads: 1);

    [Fact]
    public void Covariance_IsExact_WhereValuesFitTheGrid()
    {
        float[] values = [1, 2, 3, 5, 2, -1, 4, 4];
        using VectorSet vectors = new(values, 2);
        using ReferenceBackend reference = new();
        using IFold<VectorBlock, CovarianceState> fold = reference.Covariance(CovariancePlan.For(VectorRange.Of(vectors.Block, 1, default), 1));
        fold.Accept(vectors.Block);
        CovarianceState state = fold.Take();
        Assert.Equal([2.5, 2.5], [state.Mean(0), state.Mean(1)]);
        Assert.Equal([5.0 / 3, 2, 21.0 / 3], [state.Covariance(0, 0), state.Covariance(0, 1), state.Covariance(1, 1)], (a, b) => Math.Abs(a - b) < 1e-14);
    }
}
