using GpuDiag.Analyses.Neighbors;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Columns;

namespace GpuDiag.Tests.Analyses.Neighbors;

/// <summary>How much of a search is done again at most after a kill.</summary>
public sealed class KeptPieceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(10_000_000, true)]
    [InlineData(10_000_000, false)]
    [InlineData(1_000_000, true)]
    public void Pieces_OfLargeSetsAreBoundedInWork(long rows, bool itself)
    {
        long piece = Piece(rows, itself, kept: true);
        Assert.InRange((double)piece * rows * 128, 0, 1.01e13);
        Assert.True(piece < Piece(rows, itself, kept: false));
    }

    [Fact]
    public void Pieces_OfASetInItselfThatFitsAreOne() => Assert.True(Piece(300_000, true, kept: true) >= 300_000);

    // No vector is read: only how many there are counts.
    private long Piece(long rows, bool itself, bool kept)
    {
        VectorBlock all = new(0, rows, 128, 0);
        using PieceLog log = PieceLog.Open(folder["pieces"], resume: false);
        return new NeighborSearch { Backend = new CpuBackend(), Queries = itself ? all : all with { Pointer = 64 }, Base = all, K = 10, Metric = VectorMetric.L2, Threads = 2, Log = kept ? log : null }.PieceRows();
    }
}
