using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;

namespace GpuDiag.Tests.Cli;

public class ArgumentParserTests
{
    [Fact]
    public void Options_AreReadInBothSpellingsAndAnyOrder()
    {
        var values = Parse("a.parquet", "--label", "truth", "--segment=weather", "b.parquet", "--segment", "a*b", "--all-rows", "--seed", "18446744073709551615", "--memory", "2G", "--", "--odd.parquet", "-");
        Assert.Equal(["a.parquet", "b.parquet", "--odd.parquet", "-"], values.Inputs);
        Assert.Equal("truth", values.Text("label"));
        Assert.Equal(["weather", "a*b"], values.Texts("segment"));
        Assert.True(values.Flag("all-rows"));
        Assert.Equal(ulong.MaxValue, values.Whole("seed"));
        Assert.Equal(2L << 30, values.Bytes("memory"));
    }

    [Fact]
    public void Value_MayLookLikeAnything()
    {
        var values = Parse("d", "--gate", "-accuracy >= 1", "--label=a=b", "--positive", "@file", "--pred", "-x");
        Assert.Equal("-accuracy >= 1", values.Text("gate"));
        Assert.Equal("a=b", values.Text("label"));
        Assert.Equal("@file", values.Text("positive"));
        Assert.Equal("-x", values.Text("pred"));
    }

    [Theory]
    [InlineData("unknown option '--segmnt'", "Did you mean --segment?", "d", "--segmnt", "x")]
    [InlineData("unknown option '--min_support'", "Did you mean --min-support?", "d", "--min_support", "3")]
    [InlineData("unknown option '-x'", "--help", "d", "-x")]
    [InlineData("--label needs a value: --label COL", "True class", "d", "--label")]
    [InlineData("--out needs a value", "", "d", "--out", "--gate", "rows>1")]
    [InlineData("--label is given twice", "once", "d", "--label", "a", "--label", "b")]
    [InlineData("--threads: 'many' is not a whole number", "--threads", "d", "--threads", "many")]
    [InlineData("--threads: '0' is out of range: 1 to 1024", "", "d", "--threads", "0")]
    [InlineData("--threads: '-1' is not a whole number", "", "d", "--threads", "-1")]
    [InlineData("--memory: '4GB' is not a size", "Memory for the rows", "d", "--memory", "4GB")]
    [InlineData("--memory: '99999999999T' is not a size", "", "d", "--memory", "99999999999T")]
    [InlineData("--memory: '1K' is out of range", "", "d", "--memory", "1K")]
    [InlineData("--format: 'xml' is none of text, json", "", "d", "--format", "xml")]
    [InlineData("--quiet: 'yes' is neither true nor false", "", "d", "--quiet=yes")]
    [InlineData("--label: '' is empty", "", "d", "--label=")]
    [InlineData("a file name is empty", "", "")]
    public void WrongOption_IsToldWithWhatToDo(string message, string remedy, params string[] args)
    {
        var fault = Assert.Throws<InputException>(() => Parse(args));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandWithoutFiles_TakesNone()
    {
        var fault = Assert.Throws<InputException>(() => ArgumentParser.Parse(CommandCatalog.Demo, ["x.parquet"]));
        Assert.Contains("takes options only", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_AreUniqueInEachCommand()
        => Assert.All(CommandCatalog.All, command => Assert.Distinct(command.Options.Select(o => o.Name)));

    private static OptionValues Parse(params string[] args) => ArgumentParser.Parse(CommandCatalog.Scan, args);
}
