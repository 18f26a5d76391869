using System.Globalization;
using GpuDiag.Cli.Commands;
using Tomlyn;
using Tomlyn.Serialization;

namespace GpuDiag.Cli.Options;

/// <summary>
/// A TOML file of options by their names, with dashes or underscores; an array repeats one; <c>data</c> names the
/// inputs. Loaded only when asked for.
/// </summary>
internal static class ConfigFile
{
    private const string Inputs = "data";

    /// <exception cref="InputException">The file can't be read, is not TOML, or has an unknown key or a wrong value; file and line are named.</exception>
    public static OptionValues Read(string path, CommandSpec command)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the configuration can't be read: {fault.Message}", path, remedy: "Check the path given to --config.", inner: fault);
        }
        try
        {
            return Read(text, path, command);
        }
        catch (TomlException fault)
        {
            throw new InputException($"line {fault.Line}, column {fault.Column}: not valid TOML: {fault.Message}", path, remedy: "See toml.io; text goes in quotes: label = \"y\".", inner: fault);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            // What the reader does not check itself: an escape for half a character, such as "\uD800".
            throw new InputException($"not valid TOML: {fault.Message.Split('\n')[0]}", path, remedy: "See toml.io; check the escapes in quoted text.", inner: fault);
        }
    }

    internal static OptionValues Read(string text, string path, CommandSpec command)
    {
        var values = new OptionValues();
        var reader = TomlReader.Create(text);
        string key = "";
        OptionSpec? option = null;
        int depth = 0;
        int line = 1;
        while (reader.Read())
        {
            line = Math.Max(line, reader.Line); // A table's start has no line of its own.
            string place = $"{path}:{line}";
            switch (reader.TokenType)
            {
                case TomlTokenType.PropertyName:
                    key = reader.PropertyName!;
                    option = Find(key, command, place);
                    break;
                case TomlTokenType.String:
                    Take(values, option, reader.GetString(), $"{place}: {key}");
                    break;
                case TomlTokenType.Integer:
                    Take(values, option, reader.GetInt64().ToString(CultureInfo.InvariantCulture), $"{place}: {key}");
                    break;
                case TomlTokenType.Float:
                    Take(values, option, reader.GetRawText(), $"{place}: {key}");
                    break;
                case TomlTokenType.Boolean:
                    Take(values, option, reader.GetBoolean() ? "true" : "false", $"{place}: {key}");
                    break;
                case TomlTokenType.DateTime:
                    throw new InputException($"{place}: {key}: a date is no value of an option", remedy: "Put it in quotes if it names something.");
                case TomlTokenType.StartTable when depth++ > 0:
                    throw new InputException($"{place}: [{key}] is a table", remedy: "Put the options at the top level: label = \"y\".");
                default:
                    break; // Brackets of arrays and of the document.
            }
        }
        return values;
    }

    private static OptionSpec? Find(string key, CommandSpec command, string place)
    {
        string name = key.Replace('_', '-');
        if (name == Inputs)
            return null;
        var known = command.Options.Where(o => !o.NotInConfig).ToList();
        if (known.Find(o => o.Name == name) is OptionSpec option)
            return option;
        string? meant = Suggestion.For(name, known.Select(o => o.Name).Append(Inputs));
        throw new InputException($"{place}: unknown option '{key}'", remedy: meant is null ? $"See gpudiag {command.Name} --help." : $"Did you mean {meant}?");
    }

    private static void Take(OptionValues values, OptionSpec? option, string value, string shown)
    {
        if (option is null)
            values.Inputs.Add(value);
        else
            values.Add(option, value, shown);
    }
}
