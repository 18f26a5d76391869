using System.Text;
using GpuDiag.Cli.Commands;

namespace GpuDiag.Cli.Options;

/// <summary>Help and the README's list of options, made from the catalogues.</summary>
internal static class HelpText
{
    private const int Width = 100;
    private const int Indent = 26;

    /// <summary>What <c>gpudiag --help</c> shows.</summary>
    public static string Overview()
    {
        var text = new StringBuilder();
        text.Append("gpudiag: why does a model fail, where, and what to do next\n\nUsage: gpudiag COMMAND [options]\n\nCommands:\n");
        foreach (var command in CommandCatalog.All)
            text.Append($"  {command.Name + " " + command.Argument,-20}{command.Summary}\n");
        text.Append("\n  --help              Show this help; gpudiag COMMAND --help shows a command's\n  --version           Show the version\n");
        text.Append("\nExit codes: 0 done, 1 a gate failed, 2 input or command line wrong, 3 device failed,\n            4 unreadable inputs were skipped, 130 cancelled\n");
        text.Append("\nTry it: gpudiag demo\n");
        return text.ToString();
    }

    /// <summary>What <c>gpudiag COMMAND --help</c> shows.</summary>
    public static string Of(CommandSpec command)
    {
        var text = new StringBuilder();
        text.Append($"gpudiag {command.Name}: {command.Summary}\n\n");
        Wrap(text, command.Details, 0, 0);
        text.Append($"\nUsage: gpudiag {command.Name}{(command.Argument.Length == 0 ? "" : " " + command.Argument)} [options]\n\nExamples:\n");
        foreach (var (line, does) in command.Examples)
            text.Append($"  {line}\n      {does}\n");
        foreach (var group in command.Groups)
        {
            text.Append($"\n{group.Title}:\n");
            foreach (var option in group.Options)
            {
                string left = $"  {Spelled(option)}";
                text.Append(left);
                if (left.Length > Indent - 2)
                {
                    text.Append('\n');
                    left = "";
                }
                Wrap(text, Described(option), left.Length, Indent);
            }
        }
        return text.ToString();
    }

    /// <summary>The README's list: a Markdown table of each command's options.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var command in CommandCatalog.All)
        {
            text.Append($"\n**`gpudiag {(command.Name + " " + command.Argument).TrimEnd()}`**: {command.Summary}\n\n| option | what it does |\n|---|---|\n");
            foreach (var option in command.Options)
                text.Append($"| `{Spelled(option).Replace("|", "\\|", StringComparison.Ordinal)}` | {Described(option)} |\n");
        }
        return text.ToString();
    }

    private static string Spelled(OptionSpec option)
        => (option.Short is char letter ? $"-{letter}, " : "") + $"--{option.Name} {option.Value}".TrimEnd();

    private static string Described(OptionSpec option)
    {
        string extra = (option.Repeatable, option.Default) switch
        {
            (true, string d) => $" (repeatable; default: {d})",
            (true, null) => " (repeatable)",
            (false, string d) => $" (default: {d})",
            _ => "",
        };
        return option.Help + extra;
    }

    private static void Wrap(StringBuilder text, string words, int column, int indent)
    {
        int start = Math.Max(column, 0);
        text.Append(' ', indent - Math.Min(indent, start));
        column = Math.Max(indent, start);
        foreach (string word in words.Split(' '))
        {
            if (column > indent && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
        text.Append('\n');
    }
}
