using System.Globalization;

namespace GpuDiag.Cli.Options;

/// <summary>Values of options as text, checked against their kinds when they are taken in; where they came from is kept for messages.</summary>
internal sealed class OptionValues
{
    private readonly Dictionary<string, List<string>> values = [];

    /// <summary>Files, globs and directories.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>Takes one value in.</summary>
    /// <param name="shown">How the user wrote the option: <c>--threads</c>, or <c>job.toml:3: threads</c>.</param>
    /// <exception cref="InputException">The value is not of the option's kind, or the option was there before and is not repeatable.</exception>
    public void Add(OptionSpec option, string value, string shown)
    {
        Check(option, value, shown);
        if (!values.TryGetValue(option.Name, out var list))
            values.Add(option.Name, list = []);
        else if (!option.Repeatable)
            throw new InputException($"{shown} is given twice", remedy: "Give it once.");
        list.Add(value);
    }

    public bool Has(string name) => values.ContainsKey(name);

    public IEnumerable<string> Names => values.Keys;

    public string? Text(string name) => values.TryGetValue(name, out var list) ? list[0] : null;

    public IReadOnlyList<string> Texts(string name) => values.TryGetValue(name, out var list) ? list : [];

    public bool Flag(string name) => Text(name) == "true";

    public ulong? Whole(string name) => Text(name) is string text ? ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public long? Bytes(string name) => Text(name) is string text && TryBytes(text, out ulong bytes) ? (long)bytes : null;

    /// <summary>Takes over the options that are not set here.</summary>
    public void Underlay(OptionValues other)
    {
        foreach (var (name, list) in other.values)
            values.TryAdd(name, list);
        if (Inputs.Count == 0)
            Inputs.AddRange(other.Inputs);
    }

    private static void Check(OptionSpec option, string value, string shown)
    {
        string? wrong = option.Kind switch
        {
            OptionKind.Whole => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? Range(option, number) : "is not a whole number",
            OptionKind.Bytes => TryBytes(value, out ulong bytes) ? Range(option, bytes) : "is not a size such as 512M or 4G",
            OptionKind.Choice => option.Choices.Contains(value) ? null : $"is none of {string.Join(", ", option.Choices)}",
            OptionKind.Flag => value is "true" or "false" ? null : "is neither true nor false",
            _ => value.Length == 0 ? "is empty" : null,
        };
        if (wrong is not null)
            throw new InputException($"{shown}: '{value}' {wrong}", remedy: $"--{option.Name}: {option.Help}.");
    }

    private static string? Range(OptionSpec option, ulong number)
        => number >= option.Min && number <= option.Max ? null : $"is out of range: {option.Min} to {option.Max}";

    private static bool TryBytes(string text, out ulong bytes)
    {
        bytes = 0;
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        string digits = shift == 0 ? text : text[..^1];
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number > (ulong)long.MaxValue >> shift)
            return false;
        bytes = number << shift;
        return true;
    }
}
