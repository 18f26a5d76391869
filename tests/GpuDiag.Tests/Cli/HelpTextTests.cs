using GpuDiag.Cli.Commands;
using GpuDiag.Cli.Options;

namespace GpuDiag.Tests.Cli;

public class HelpTextTests
{
    public static TheoryData<string> Commands => [.. CommandCatalog.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_ShowsEveryOptionAndAnExample(string name)
    {
        var command = CommandCatalog.All.Single(c => c.Name == name);
        string help = HelpText.Of(command);
        Assert.All(command.Options, option => Assert.Contains("--" + option.Name, help, StringComparison.Ordinal));
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example => Assert.Contains(example.Line, help, StringComparison.Ordinal));
        var options = help.Split('\n').SkipWhile(line => line != command.Groups[0].Title + ":");
        Assert.All(options, line => Assert.True(line.Length <= 100, line));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_Parse(string name)
    {
        var command = CommandCatalog.All.Single(c => c.Name == name);
        foreach (var (line, _) in command.Examples)
        {
            // Shell words: the quotes of the examples hold no spaces.
            string[] words = line.Replace("'", "", StringComparison.Ordinal).Split(' ');
            Assert.Equal(["gpudiag", name], words[..2]);
            ArgumentParser.Parse(command, words.AsSpan(2));
        }
    }

    [Fact]
    public void Overview_ListsEveryCommand()
        => Assert.All(CommandCatalog.All, command => Assert.Contains($"  {command.Name} ", HelpText.Overview(), StringComparison.Ordinal));
}
