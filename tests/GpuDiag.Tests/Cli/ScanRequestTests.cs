using GpuDiag.Analyses.Scan;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;

namespace GpuDiag.Tests.Cli;

public sealed class ScanRequestTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void NothingSaid_MeansTheDefaults()
    {
        var request = From("d.parquet");
        Assert.Equivalent(new ScanOptions { Inputs = ["d.parquet"] }, request.Options, strict: true);
        Assert.Equal("gpudiag-out", request.Out);
        Assert.False(request.Json || request.Quiet);
        Assert.Empty(request.Gates);
    }

    [Fact]
    public void EveryDefaultInHelp_IsTheOneThatActs()
    {
        var options = new ScanOptions { Inputs = [] };
        Assert.Equal(options.Device, Shown("device"));
        Assert.Equal($"{options.MinSupport}", Shown("min-support"));
        Assert.Equal($"{options.MaxRows}", Shown("max-rows"));
        Assert.Equal($"{options.Neighbors}", Shown("k"));
        Assert.Equal($"{options.Seed}", Shown("seed"));
        Assert.Equal($"{new BinOption("x").Count} bins", Shown("bin"));
        Assert.Equal("gpudiag-out", Shown("out"));
    }

    [Fact]
    public void ClassNames_ComeFromLinesOfTheFile()
    {
        File.WriteAllText(file, "zero\r\none\n two \nthree");
        Assert.Equal(["zero", "one", " two ", "three"], From("d", "--classes", file).Options.Classes);
    }

    [Theory]
    [InlineData("a\n\nb\n", "line 2 is empty")]
    [InlineData("a\nb\na\n", "line 3: class 'a' is there twice")]
    [InlineData("", "no class names")]
    public void WrongClassNames_NameTheLine(string text, string message)
    {
        File.WriteAllText(file, text);
        var fault = Assert.Throws<InputException>(() => From("d", "--classes", file));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(file, fault.File);
    }

    [Fact]
    public void Bins_AreColumnsWithACount()
        => Assert.Equal([new BinOption("age"), new BinOption("a:b", 7)], From("d", "--bin", "age", "--bin", "a:b:7").Options.Bins);

    [Theory]
    [InlineData("--bin", "age:1")]
    [InlineData("--bin", "age:x")]
    [InlineData("--bin", ":5")]
    [InlineData("--bin", "age:1001")]
    [InlineData("--gate", "accuracy>>1")]
    [InlineData("--classes", "no/such/file")]
    [InlineData("--config", "no/such/file")]
    [InlineData("--segment", "none", "--segment", "x")]
    public void WrongValue_IsAnInputError(params string[] args)
        => Assert.NotNull(Assert.Throws<InputException>(() => From(["d", .. args])).Remedy);

    [Fact]
    public void NoData_IsAnInputError()
        => Assert.Contains("no data is given", Assert.Throws<InputException>(() => From()).Message, StringComparison.Ordinal);

    private static string? Shown(string option) => CommandCatalog.Scan.Options.Single(o => o.Name == option).Default;

    private static ScanRequest From(params string[] args)
        => ScanRequest.From(ArgumentParser.Parse(CommandCatalog.Scan, args), CommandCatalog.Scan);
}
