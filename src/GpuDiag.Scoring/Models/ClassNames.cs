using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GpuDiag.Scoring.Models;

/// <summary>Names of classes in a model's metadata, in the forms that exporters write.</summary>
internal static partial class ClassNames
{
    /// <summary>The metadata key that holds them: a JSON array of texts, in the order of the outputs.</summary>
    public const string Key = "classes";

    /// <summary>Keys looked at, in this order.</summary>
    private static readonly string[] Keys = [Key, "class_names", "id2label", "names", "labels"];

    /// <summary>
    /// The names, or null where the metadata has none: a JSON array, a JSON object or a Python dictionary from numbers 0, 1, … to
    /// names, or one name a line.
    /// </summary>
    /// <exception cref="InputException">Something that should be names is none, or names one class twice.</exception>
    public static IReadOnlyList<string>? From(IReadOnlyDictionary<string, string> metadata, string file)
    {
        foreach (string key in Keys)
        {
            if (!metadata.TryGetValue(key, out string? text) || string.IsNullOrWhiteSpace(text))
                continue;
            string[]? names = Parse(text.Trim());
            if (names is not { Length: > 0 } || names.Any(n => n.Length == 0) || names.Distinct().Count() != names.Length)
                throw new InputException($"the metadata '{key}' is no list of different class names", file, remedy: "Give the names with --classes, one a line.");
            return names;
        }
        return null;
    }

    private static string[]? Parse(string text) => text[0] switch
    {
        '[' => Json(text, root => [.. root.EnumerateArray().Select(Text)]),
        '{' => Json(text, root => Ordered(root.EnumerateObject().Select(p => (p.Name, Text(p.Value))))) ?? Ordered(
            PythonEntry().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value))),
        _ => [.. text.Split('\n').Select(line => line.TrimEnd('\r'))],
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string[]? Json(string text, Func<JsonElement, string[]?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where the keys are not 0 to n − 1.</summary>
    private static string[]? Ordered(IEnumerable<(string Key, string Name)> entries)
    {
        var list = entries.ToList();
        string[] names = new string[list.Count];
        foreach (var (key, name) in list)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int i) || i >= names.Length || names[i] is not null)
                return null;
            names[i] = name;
        }
        return names.Length == 0 ? null : names;
    }

    /// <summary><c>0: 'cat'</c> or <c>0: "cat"</c>.</summary>
    [GeneratedRegex("""(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PythonEntry();
}
