using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Tests.Analyses;

/// <summary>Memory that was asked for decides how many threads keep scores, and refuses what not even one of them can do.</summary>
public sealed class ScanRoomTests
{
    private static Roles Of(int classes) => new()
    {
        Label = new Field("label", FieldType.Integer, ""),
        Probs = classes == 0 ? [] : [.. Enumerable.Range(0, classes).Select(i => new Field($"p{i}", FieldType.Float32, ""))],
        Segments = [],
        Taken = [],
    };

    [Theory]
    [InlineData(500, 1)]
    [InlineData(800, 2)]
    [InlineData(2000, 7)]
    [InlineData(20000, 8)]
    public void Threads_AreAsManyAsFit(int megabytes, int threads)
    {
        ScanRoom room = ScanRoom.Of((long)megabytes << 20, 8, 10_000_000, Of(10), "a");
        Assert.Equal(threads, room.Threads);
        Assert.InRange(room.Batches!.Value, 16L << 20, (long)megabytes << 20);
    }

    [Fact]
    public void TooLittleForOneThread_IsRefusedWithWhatItTakes()
    {
        InputException fault = Assert.Throws<InputException>(() => ScanRoom.Of(256L << 20, 8, 10_000_000, Of(10), "a"));
        Assert.Contains("some 480M with one thread", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, ScanRoom.Of(480L << 20, 8, 10_000_000, Of(10), "a").Threads);
    }

    [Fact]
    public void FewRowsOrNoProbabilities_NeedNoMore()
    {
        Assert.Equal(new ScanRoom(8, 16 << 20), ScanRoom.Of(16 << 20, 8, 1_000_000_000, Of(0), "a"));
        Assert.Equal(8, ScanRoom.Of(32 << 20, 8, 1000, Of(10), "a").Threads);
        Assert.Null(ScanRoom.Of(null, 1, 10_000_000, Of(10), "a").Batches);
    }
}
