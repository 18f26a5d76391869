using GpuDiag.Analyses.Neighbors;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Analyses.Neighbors;

public sealed class NeighborSearchTests : IDisposable
{
    private const int Rows = 2_000;
    private const int Width = 8;

    private readonly AlignedMemory memory = new();
    private readonly Backend backend = BackendCatalog.Open("cpu").Backend;
    private readonly VectorBlock all;

    public NeighborSearchTests()
    {
        memory.Reserve(Rows * Width * sizeof(float));
        Random random = new(7);
        foreach (ref float value in memory.Span<float>(Rows * Width))
        {
            value = random.Next(-3, 4);
        }

        all = new VectorBlock(memory.Pointer, Rows, Width, 0);
    }

    public void Dispose()
    {
        backend.Dispose();
        memory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pieces_AreTheQueriesInOrder_WithTheNeighborsOfOneSearch(bool self)
    {
        VectorBlock queries = all.Slice(self ? 0 : 500, self ? Rows : 1_000), searched = all.Slice(0, self ? Rows : 700);
        NeighborPlan plan = new(queries, 300, VectorMetric.Cosine, self, 2);
        using IFold<VectorBlock, NeighborState> whole = backend.Neighbors(plan);
        whole.Accept(searched);
        NeighborState expected = whole.Take();
        int pieces = 0;
        long next = 0;
        foreach (NeighborState piece in Search(queries, searched, 300, self).Pieces())
        {
            pieces++;
            Assert.Equal(queries.FirstRow + next, piece.Plan.Queries.FirstRow);
            Assert.Equal((expected.BaseRows, expected.ExcludedRows), (piece.BaseRows, piece.ExcludedRows));
            for (long q = 0; q < piece.Plan.Queries.Rows; q++, next++)
            {
                Assert.Equal(expected.Rows(next), piece.Rows(q));
                Assert.Equal(expected.Keys(next), piece.Keys(q));
            }
        }

        Assert.Equal(queries.Rows, next);
        Assert.InRange(pieces, self ? 2 : 1, 3);
    }

    [Fact]
    public void MoreNeighborsThanTheBaseHas_TakeRoomForThoseOnly()
    {
        NeighborState piece = Assert.Single(Search(all, all.Slice(0, 3), int.MaxValue, false).Pieces());
        Assert.Equal(3, piece.Plan.K);
        Assert.Equal(3, piece.Rows(Rows - 1).Length);
    }

    [Fact]
    public void EmptyBase_LeavesEveryListEmpty()
    {
        NeighborState piece = Assert.Single(Search(all, all.Slice(0, 0), 5, false).Pieces());
        Assert.Equal((0, Rows), (piece.Rows(0).Length, piece.Plan.Queries.Rows));
    }

    [Fact]
    public void Progress_EndsAtAllQueries()
    {
        long last = 0;
        foreach (NeighborState piece in Search(all, all, 300, true, done => InterlockedMax(ref last, done)).Pieces())
        {
            Assert.Equal(piece.Plan.Queries.FirstRow + piece.Plan.Queries.Rows, Interlocked.Read(ref last));
        }

        Assert.Equal(Rows, last);
    }

    [Fact]
    public void Cancelled_ItStopsWithinAPiece()
    {
        using CancellationTokenSource cancel = new();
        IEnumerable<NeighborState> pieces = Search(all, all, 300, true, _ => cancel.Cancel(), cancel.Token).Pieces();
        Assert.ThrowsAny<OperationCanceledException>(() => pieces.First());
    }

    [Fact]
    public void OtherWidths_AreRefused()
        => Assert.Throws<ArgumentException>(() => Search(all, all with { Width = 4 }, 1, false).Pieces().First());

    private static void InterlockedMax(ref long last, long value)
    {
        for (long seen = Interlocked.Read(ref last); value > seen; seen = Interlocked.Read(ref last))
        {
            Interlocked.CompareExchange(ref last, value, seen);
        }
    }

    private NeighborSearch Search(
        VectorBlock queries, VectorBlock searched, int k, bool excludeSelf, Action<long>? progress = null, CancellationToken cancel = default) => new()
        {
            Backend = backend,
            Queries = queries,
            Base = searched,
            K = k,
            Metric = VectorMetric.Cosine,
            ExcludeSelf = excludeSelf,
            Threads = 2,
            Memory = 1,
            Progress = progress,
            Cancel = cancel,
        };
}
