using CsCheck;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Engine;

namespace GpuDiag.Tests.Laws;

/// <summary>The neighbours of every backend, for any cut of the base, are those of the reference.</summary>
public sealed class NeighborLawTests
{
    private static readonly int[] Widths = [1, 2, 3, 7, 8, 17, 100];
    private static readonly int[] Counts = [1, 2, 10, 64, 200];

    private static readonly Gen<(int Queries, int Rows, int Width, int K, VectorMetric Metric, bool Self, float[] Values, int[] Cuts)> Case =
        from width in Gen.Int[0, 6].Select(i => Widths[i])
        from queries in Gen.Int[1, 40]
        from rows in Gen.Int[1, 120]
        from k in Gen.Int[0, 4].Select(i => Counts[i])
        from metric in Gen.Enum<VectorMetric>()
        from self in Gen.Bool
        from values in Gen.Frequency((20, Gen.Float[-3, 3]), (10, Gen.Int[-2, 2].Select(i => (float)i))).Array[rows * width]
        from broken in Gen.Int[0, (rows * width) - 1].Array[0, 2]
        from cuts in Gen.Int[0, 1000].Array[0, 3]
        select (Math.Min(queries, rows), rows, width, k, metric, self, Break(values, broken), cuts);

    public static TheoryData<string> Backends => LawBackends.Names;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Neighbors_AreThoseOfTheReference_ForAnyCutOfTheBase(string backend) => Case.Sample(
        c =>
        {
            using AlignedMemory memory = new();
            memory.Reserve((nuint)c.Values.Length * sizeof(float));
            c.Values.CopyTo(memory.Span<float>(c.Values.Length));
            VectorBlock all = new(memory.Pointer, c.Rows, c.Width, 0);
            NeighborPlan plan = new(all.Slice(c.Rows - c.Queries, c.Queries), c.K, c.Metric, c.Self, 2);
            using ReferenceBackend reference = new();
            using IFold<VectorBlock, NeighborState> expected = reference.Neighbors(plan);
            expected.Accept(all);
            NeighborState state = FoldLaw.Run(
                () => LawBackends.Of(backend).Neighbors(plan), c.Rows, c.Cuts, 2, (start, end) => all.Slice(start, end - start));
            Assert.Equal(FoldLaw.Bytes(expected.Take()), FoldLaw.Bytes(state));
        },
        iter: LawBackends.Samples(backend),
        threads: 1);

    private static float[] Break(float[] values, int[] positions)
    {
        Array.ForEach(positions, p => values[p] = p % 2 == 0 ? float.NaN : float.NegativeInfinity);
        return values;
    }
}
