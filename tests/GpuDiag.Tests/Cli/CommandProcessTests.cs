using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;

namespace GpuDiag.Tests.Cli;

/// <summary>The executable from outside: help, version and what is no command.</summary>
public sealed class CommandProcessTests
{
    [Fact]
    public void Alone_ItShowsWhatItCanDo()
    {
        var run = Gpudiag.Run(".");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(HelpText.Overview(), run.Text);
        Assert.Equal(run, Gpudiag.Run(".", "--help"));
    }

    [Fact]
    public void Version_IsOneLine() => Assert.Matches(@"^gpudiag \d+\.\d+\.\d+\n$", Gpudiag.Run(".", "--version").Text);

    [Fact]
    public void EveryCommand_HasHelp()
    {
        foreach (var command in CommandCatalog.All)
        {
            var run = Gpudiag.Run(".", command.Name, "--help");
            Assert.Equal((0, HelpText.Of(command), ""), (run.Code, run.Text, run.Errors));
        }
    }

    [Theory]
    [InlineData("scna", "Did you mean gpudiag scan?")]
    [InlineData(".", "Did you mean gpudiag scan .?")]
    [InlineData("--frobnicate", "See gpudiag --help.")]
    public void WhatIsNoCommand_IsExitCode2WithASuggestion(string word, string remedy)
    {
        var run = Gpudiag.Run(".", word);
        Assert.Equal((2, ""), (run.Code, run.Text));
        Assert.Contains(remedy, run.Errors, StringComparison.Ordinal);
    }
}
