using CsCheck;
using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;
using Tomlyn;

namespace GpuDiag.Tests.Cli;

public sealed class ConfigFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void EveryOption_CanStandInTheFile()
    {
        foreach (var option in CommandCatalog.Scan.Options.Where(o => !o.NotInConfig))
        {
            var (toml, text) = option.Kind switch
            {
                OptionKind.Flag => ("true", "true"),
                OptionKind.Whole => ("64", "64"),
                OptionKind.Bytes => ("\"512M\"", "512M"),
                OptionKind.Choice => ($"\"{option.Choices[0]}\"", option.Choices[0]),
                _ => ("\"some text\"", "some text"),
            };
            Assert.Equal(text, Read($"{option.Name.Replace('-', '_')} = {toml}").Text(option.Name));
            Assert.Equal(text, Read($"{option.Name} = {toml}").Text(option.Name));
        }
    }

    [Fact]
    public void Arrays_RepeatAnOption()
    {
        var values = Read("""
            # nightly
            data = ["a.parquet", "b/*.parquet"]
            gate = [
              "accuracy.low>=0.9",   # per contract
              'segments[weather=fog].recall_macro>=0.8',
            ]
            segment = "weather"
            """);
        Assert.Equal(["a.parquet", "b/*.parquet"], values.Inputs);
        Assert.Equal(["accuracy.low>=0.9", "segments[weather=fog].recall_macro>=0.8"], values.Texts("gate"));
        Assert.Equal(["weather"], values.Texts("segment"));
    }

    [Fact]
    public void CommandLine_Wins()
    {
        File.WriteAllText(path, "data = 'file.parquet'\nlabel = 'y'\nseed = 5\nsegment = ['a', 'b']\nall-rows = true\n");
        var values = ArgumentParser.Parse(CommandCatalog.Scan, ["given.parquet", "--config", path, "--seed", "7", "--segment", "c", "--all-rows=false"]);
        var request = ScanRequest.From(values, CommandCatalog.Scan);
        Assert.Equal(["given.parquet"], request.Options.Inputs);
        Assert.Equal("y", request.Options.Label);
        Assert.Equal(7UL, request.Options.Seed);
        Assert.Equal(["c"], request.Options.Segments);
        Assert.False(request.Options.AllRows);
    }

    [Theory]
    [InlineData("label = 'y'\nsegmnt = 'x'", ":2: unknown option 'segmnt'", "Did you mean segment?")]
    [InlineData("config = 'x'", ":1: unknown option 'config'", "")]
    [InlineData("\n\nthreads = 'many'", ":3: threads: 'many' is not a whole number", "")]
    [InlineData("threads = -1", ":1: threads: '-1' is not a whole number", "")]
    [InlineData("seed = 1.5", ":1: seed: '1.5' is not a whole number", "")]
    [InlineData("label = ['a', 'b']", ":1: label is given twice", "")]
    [InlineData("label = 1979-05-27", ":1: label: a date", "quotes")]
    [InlineData("[scan]\nlabel = 'y'", ":1: unknown option 'scan'", "")]
    [InlineData("[label]\nx = 'y'", ":1: [label] is a table", "top level")]
    [InlineData("data = { label = 'y' }", ":1: [data] is a table", "")]
    [InlineData("label = ", "line 1", "toml.io")]
    [InlineData("label = 'y'\nlabel = 'z'", "", "")]
    [InlineData("label 'y'", "line 1", "toml.io")]
    [InlineData("label = \"\\uD800\"", "not valid TOML", "toml.io")]
    public void WrongFile_NamesLineAndRemedy(string toml, string message, string remedy)
    {
        File.WriteAllText(path, toml);
        var input = Assert.Throws<InputException>(() => ConfigFile.Read(path, CommandCatalog.Scan));
        Assert.Contains(path, input.Message, StringComparison.Ordinal);
        Assert.Contains(message, input.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, input.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsToldByName()
    {
        var fault = Assert.Throws<InputException>(() => ConfigFile.Read("no/such.toml", CommandCatalog.Scan));
        Assert.Contains("no/such.toml", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyText_IsReadOrRefusedProperly()
        => Gen.String["label=\"'[]{}#\n .1-e"].Sample(toml =>
        {
            try
            {
                Read(toml);
            }
            catch (Exception fault) when (fault is InputException or TomlException)
            {
                // The only faults allowed: Read(path) turns the second into the first.
            }
        }, iter: 5_000);

    private static OptionValues Read(string toml) => ConfigFile.Read(toml, "job.toml", CommandCatalog.Scan);
}
