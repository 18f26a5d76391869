using System.Runtime.InteropServices;
using GpuDiag.Cli;

namespace GpuDiag.Tests.Cli;

public class SessionTests
{
    [Fact]
    public void FirstSignal_CancelsAndTheSecondIsLeftToTheSystem()
    {
        using var session = new Session([]);
        var first = new PosixSignalContext(PosixSignal.SIGINT);
        session.Cancel(first);
        Assert.True(first.Cancel);
        Assert.True(session.Cancellation.IsCancellationRequested);
        var second = new PosixSignalContext(PosixSignal.SIGINT);
        session.Cancel(second);
        Assert.False(second.Cancel);
    }

    [Theory]
    [InlineData("plain-word_1.parquet", "plain-word_1.parquet")]
    [InlineData("a*b", "'a*b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    public void Words_AreQuotedAsAShellTakesThem(string word, string quoted) => Assert.Equal(quoted, Session.Quoted(word));
}
