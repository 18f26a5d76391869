using GpuDiag.Analyses.Neighbors;
using GpuDiag.Columns;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Columns;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Analyses.Neighbors;

/// <summary>A search goes on from the pieces that an earlier one kept, and from no others.</summary>
public sealed class PieceLogTests : IDisposable
{
    private const int Queries = 150_000, Width = 4;
    private readonly TempFolder folder = new();
    private readonly AlignedMemory queries = Vectors(Queries, 1), rows = Vectors(40, 2);

    private string LogPath => folder[PieceLog.FileName];

    public void Dispose()
    {
        queries.Dispose();
        rows.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Resumed_TakesWhatWasKeptAndGivesTheSameStates()
    {
        byte[][] expected;
        using (PieceLog first = PieceLog.Open(LogPath, resume: true))
        {
            Assert.Equal(0, first.Known);
            expected = [.. Search(first).Pieces().Take(2).Select(FoldLaw.Bytes)];
        }

        using (PieceLog again = PieceLog.Open(LogPath, resume: true))
        {
            byte[][] all = [.. Search(again).Pieces().Select(FoldLaw.Bytes)];
            Assert.Equal((2, 2), (again.Known, again.Taken));
            Assert.InRange(all.Length, 3, 20);
            Assert.Equal(expected, all[..2]);
            Assert.Equal(Search(null).Pieces().Select(FoldLaw.Bytes), all);
        }

        // A write that was cut off: the piece is searched for again.
        using (FileStream file = new(LogPath, FileMode.Open))
            file.SetLength(file.Length - 3);
        using (PieceLog cut = PieceLog.Open(LogPath, resume: true))
        {
            int pieces = Search(cut).Pieces().Count();
            Assert.Equal((pieces - 1, pieces - 1), (cut.Known, cut.Taken));
        }

        using PieceLog anew = PieceLog.Open(LogPath, resume: false);
        Assert.False(File.Exists(LogPath));
    }

    [Fact]
    public void OtherVectorsOrOptions_AreNotTaken()
    {
        using (PieceLog first = PieceLog.Open(LogPath, resume: true))
            _ = Search(first).Pieces().Count();
        using PieceLog again = PieceLog.Open(LogPath, resume: true);
        _ = Search(again, VectorMetric.Cosine).Pieces().Count();
        float kept = rows.Span<float>(1)[0];
        rows.Span<float>(1)[0] = 9;
        _ = Search(again).Pieces().Count();
        Assert.Equal(0, again.Taken);
        rows.Span<float>(1)[0] = kept;
        queries.Span<float>(1)[0] += 1;
        int pieces = Search(again).Pieces().Count();
        Assert.Equal(pieces - 1, again.Taken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else altogether, and longer than the beginning")]
    public void FileOfAnotherKind_IsWrittenAnew(string content)
    {
        File.WriteAllText(LogPath, content);
        using (PieceLog log = PieceLog.Open(LogPath, resume: true))
            _ = Search(log).Pieces().Count();
        using PieceLog again = PieceLog.Open(LogPath, resume: true);
        Assert.Equal(Search(again).Pieces().Count(), again.Taken);
    }

    private NeighborSearch Search(PieceLog? log, VectorMetric metric = VectorMetric.L2) => new()
    {
        Backend = new CpuBackend(),
        Queries = new VectorBlock(queries.Pointer, Queries, Width, 0),
        Base = new VectorBlock(rows.Pointer, 40, Width, 0),
        K = 2,
        Metric = metric,
        Threads = 2,
        Memory = 1,
        Log = log,
    };

    private static AlignedMemory Vectors(int rows, int seed)
    {
        AlignedMemory memory = new();
        memory.Reserve((nuint)(rows * Width * sizeof(float)));
        Random random = new(seed);
        foreach (ref float value in memory.Span<float>(rows * Width))
        {
            value = random.NextSingle() + 0.1f;
        }

        return memory;
    }
}
