using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Gpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Engine.Gpu;

/// <summary>The paths of a device's search that large data take, reached with little on the simulator.</summary>
public sealed unsafe class NeighborDeviceTests
{
    private static readonly GpuLimits Small = GpuLimits.Simulator with { BlockBytes = 1 << 13 };

    public static TheoryData<VectorMetric> Metrics => [VectorMetric.L2, VectorMetric.Cosine, VectorMetric.InnerProduct];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void ACoarseSearch_GivesTheSameNeighbours(VectorMetric metric)
    {
        (long left, long retired) = AssertExact(Random(160, 20, 1), 160, 20, queries: 30, k: 3, metric, Small with { RoundFirst = true, ListEntries = 64 });
        Assert.InRange(left, 0, 29);
        Assert.Equal(0, retired);
    }

    [Fact]
    public void RowsThatBfloat16CannotTellApart_AreSearchedInFloat32()
    {
        (long left, long retired) = AssertExact(Cluster(160, 12, 0.05f), 160, 12, queries: 20, k: 2, VectorMetric.L2, Small with { RoundFirst = true });
        Assert.NotEqual(0, left);
        Assert.Equal(0, retired);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RowsThatFloat32CannotTellApart_AreMeasuredOnTheHost(bool roundFirst)
    {
        (long left, long retired) = AssertExact(Cluster(160, 12, 1e-6f), 160, 12, queries: 20, k: 2, VectorMetric.L2, Small with { RoundFirst = roundFirst });
        Assert.Equal(roundFirst, left > 0);
        Assert.NotEqual(0, retired);
    }

    [Fact]
    public void QueriesThatDoNotFit_AreSearchedInTurns() =>
        AssertExact(Random(100, 8, 2), 100, 8, queries: 50, k: 1, VectorMetric.L2, Small with { TableBytes = 6000 });

    [Fact]
    public void SeveralDevices_ShareTheBase()
    {
        using GpuBackend first = GpuBackend.Simulator(8, Small), second = GpuBackend.Simulator(4, Small);
        AssertExact(Random(150, 9, 3), 150, 9, 25, 4, VectorMetric.Cosine, plan => new CertifiedNeighbors(
            plan, new NeighborDevices([.. first.Arena.NewLanes(), .. second.Arena.NewLanes()], Small, plan)));
    }

    [Fact]
    public void MoreNeighboursThanListsHold_AreSearchedOnTheHost()
    {
        using GpuBackend backend = GpuBackend.Simulator(8, Small);
        AssertExact(Random(40, 3, 4), 40, 3, 5, NeighborDevice.MaxK + 1, VectorMetric.L2, backend.Neighbors);
    }

    /// <returns>What left the coarse search, and what the host measured.</returns>
    private static (long Left, long Retired) AssertExact(float[] values, int rows, int width, int queries, int k, VectorMetric metric, GpuLimits limits)
    {
        using GpuBackend backend = GpuBackend.Simulator(8, limits);
        NeighborDevices? devices = null;
        AssertExact(values, rows, width, queries, k, metric, plan => new CertifiedNeighbors(
            plan, devices = new NeighborDevices(backend.Arena.NewLanes(), limits, plan)));
        return devices!.Counts;
    }

    private static void AssertExact(
        float[] values, int rows, int width, int queries, int k, VectorMetric metric, Func<NeighborPlan, IFold<VectorBlock, NeighborState>> neighbors)
    {
        using AlignedMemory memory = new();
        memory.Reserve((nuint)values.Length * sizeof(float));
        values.CopyTo(memory.Span<float>(values.Length));
        VectorBlock all = new(memory.Pointer, rows, width, 0);
        NeighborPlan plan = new(all.Slice(rows - queries, queries), k, metric, true, 2);
        using var reference = new ReferenceBackend();
        byte[] expected = Bytes(reference.Neighbors(plan), all);
        Assert.Equal(expected, Bytes(neighbors(plan), all));
    }

    private static byte[] Bytes(IFold<VectorBlock, NeighborState> fold, VectorBlock all)
    {
        using (fold)
        {
            fold.Accept(all.Slice(0, all.Rows / 3));
            fold.Accept(all.Slice(all.Rows / 3, all.Rows - (all.Rows / 3)));
            return FoldLaw.Bytes(fold.Take());
        }
    }

    private static float[] Random(int rows, int width, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * width).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    /// <summary>
    /// A few rows at the origin, most in one place far away, a little apart from each other: by more than a double's last
    /// digits, by less than low precision tells at that distance. The scores' frame lies at the origin, where most of
    /// what it samples is.
    /// </summary>
    private static float[] Cluster(int rows, int width, float apart)
    {
        float[] values = Random(rows, width, 5);
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / width;
            values[i] = row % 8 < 5 ? values[i] / 8 : 4 + (values[i] * apart);
        }

        return values;
    }
}
