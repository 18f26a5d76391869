using System.Runtime.Intrinsics.X86;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Cpu.Neighbors;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Engine;

/// <summary>Neighbours are exact where float32 scores are not: the state of the fast search is the reference's, byte for byte.</summary>
public sealed class NeighborsTests
{
    private static readonly VectorMetric[] Metrics = Enum.GetValues<VectorMetric>();

    public static TheoryData<string> Kinds => [.. HardVectors.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HardVectors_HaveTheNeighborsOfTheReference(string kind)
    {
        foreach (int width in (int[])[1, 3, 20])
        {
            Check(HardVectors.Of(kind, 110, width), width, queries: 110, k: 4, Enum.GetValues<LaneWidth>());
            Check(HardVectors.Of(kind, 110, width), width, queries: 37, k: 1, Enum.GetValues<LaneWidth>());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(384)]
    [InlineData(768)]
    [InlineData(1024)]
    [InlineData(1536)]
    [InlineData(4096)]
    public void EveryWidth_HasTheNeighborsOfTheReference(int width)
    {
        foreach (string kind in (string[])["gaussian", "last bit", "small integers"])
        {
            Check(HardVectors.Of(kind, 70, width), width, queries: 20, k: 7, [LaneWidth.Vector512]);
            Check(HardVectors.Of(kind, 70, width), width, queries: 70, k: 7, [LaneWidth.Vector512]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 10)]
    [InlineData(300, 1000)]
    [InlineData(1200, 1000)]
    [InlineData(1200, 100)]
    public void AnyK_HasTheNeighborsOfTheReference(int rows, int k)
    {
        Check(HardVectors.Of("gaussian", rows, 5), 5, Math.Min(rows, 9), k, [LaneWidth.Vector512]);
        Check(HardVectors.Of("small integers", rows, 5), 5, Math.Min(rows, 9), k, [LaneWidth.Vector256]);
    }

    [Fact]
    public void ManyRowsAsNearAsTheKth_AreMeasuredRatherThanLost()
    {
        // Permutations of one vector: no two rows equal, all at the same distance from the query and of the same norm.
        const int Rows = 3000, Width = 64;
        float[] values = new float[Rows * Width];
        Random random = new(5);
        for (int row = 1; row < Rows; row++)
        {
            Span<float> to = values.AsSpan(row * Width, Width);
            for (int i = 0; i < Width; i++)
            {
                to[i] = i % 2;
            }

            random.Shuffle(to);
        }

        Check(values, Width, queries: 1, k: 10, [LaneWidth.Vector512], [VectorMetric.L2]);
    }

    [Fact]
    public void CopiesOfOneRow_CostAsMuchAsOne()
    {
        const int Rows = 20000, Width = 16;
        float[] values = new float[Rows * Width];
        Array.Fill(values, 0.25f);
        using AlignedMemory memory = Memory(values);
        VectorBlock all = new(memory.Pointer, Rows, Width, 0);
        NeighborPlan plan = new(all, 3, VectorMetric.L2, ExcludeSelf: true, Threads: 2);
        using PanelSearch search = new(TileShape.OfFloats(LaneWidth.Vector256));
        NeighborPiece piece = new(new NeighborState(plan), all, search);
        Assert.Equal(1, piece.Rows.Count);
        Assert.Equal(1, piece.Queries.Count);
        using IFold<VectorBlock, NeighborState> fold = new CpuBackend().Neighbors(plan);
        fold.Accept(all);
        NeighborState state = fold.Take();
        Assert.Equal([1, 2, 3], state.Rows(0).ToArray());
        Assert.Equal([0, 1, 2], state.Rows(Rows - 1).ToArray());
        Assert.Equal([0.0, 0.0, 0.0], state.Keys(777).ToArray());
    }

    [Fact]
    public void SelfJoin_ComputesWhatASearchOfACopyComputes()
    {
        foreach (LaneWidth lanes in Enum.GetValues<LaneWidth>())
        {
            float[] values = HardVectors.Of("gaussian", 701, 9);
            using AlignedMemory one = Memory(values), copy = Memory(values);
            VectorBlock rows = new(one.Pointer, 701, 9, 0), other = new(copy.Pointer, 701, 9, 0);
            foreach (VectorMetric metric in Metrics)
            {
                NeighborPlan plan = new(rows, 6, metric, ExcludeSelf: true, Threads: 2);
                Assert.Equal(Search(plan, other, lanes), Search(plan, rows, lanes));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TilesOf512Bits_FindWhatOthersFind_WhicheverAreFastestHere(bool shorts)
    {
        if (shorts && !Avx512BW.IsSupported)
        {
            return;
        }

        foreach (string kind in (string[])["gaussian", "last bit", "one huge row"])
        {
            using AlignedMemory memory = Memory(HardVectors.Of(kind, 701, 33));
            VectorBlock rows = new(memory.Pointer, 701, 33, 0);
            foreach (VectorMetric metric in Metrics)
            {
                NeighborPlan plan = new(rows, 6, metric, ExcludeSelf: true, Threads: 2);
                using CertifiedNeighbors tiles = new(plan, new PanelSearch(shorts ? TileShape.OfShorts : TileShape.OfFloats(LaneWidth.Vector512)));
                tiles.Accept(rows);
                Assert.Equal(Search(plan, rows, LaneWidth.Vector256), FoldLaw.Bytes(tiles.Take()));
            }
        }
    }

    private static void Check(float[] values, int width, int queries, int k, LaneWidth[] widths, VectorMetric[]? metrics = null)
    {
        using AlignedMemory memory = Memory(values);
        VectorBlock all = new(memory.Pointer, values.Length / width, width, 0);
        foreach (VectorMetric metric in metrics ?? Metrics)
        {
            foreach (bool excludeSelf in (bool[])[false, true])
            {
                NeighborPlan plan = new(all.Slice(0, queries), k, metric, excludeSelf, Threads: 2);
                using ReferenceBackend reference = new();
                using IFold<VectorBlock, NeighborState> expected = reference.Neighbors(plan);
                expected.Accept(all);
                byte[] bytes = FoldLaw.Bytes(expected.Take());
                Array.ForEach(widths, lanes => Assert.Equal(bytes, Search(plan, all, lanes)));
            }
        }
    }

    private static byte[] Search(NeighborPlan plan, VectorBlock rows, LaneWidth lanes)
    {
        using IFold<VectorBlock, NeighborState> fold = new CpuBackend(lanes).Neighbors(plan);
        fold.Accept(rows);
        return FoldLaw.Bytes(fold.Take());
    }

    private static AlignedMemory Memory(float[] values)
    {
        AlignedMemory memory = new();
        memory.Reserve((nuint)values.Length * sizeof(float));
        values.CopyTo(memory.Span<float>(values.Length));
        return memory;
    }
}
