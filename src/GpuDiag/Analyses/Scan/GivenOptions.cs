using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The options of a run that differ from their defaults and that a result may depend on, by name. Data is told by the inputs, so its paths
/// are not among them; nor is what belongs to the machine. Of a path only the file's name stays.
/// </summary>
internal static class GivenOptions
{
    private const int LongestList = 100;

    private static readonly HashSet<string> LeftOut = ["inputs", "train", "datasets", "further", "after", "pool", "test", "labels", "device", "threads", "memory", "scratch", "seed", "shown_row"];

    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>The options whose values differ.</summary>
    /// <param name="options">As the run had them.</param>
    /// <param name="defaults">As they are when nothing is asked for.</param>
    public static IReadOnlyDictionary<string, JsonNode> Of<T>(T options, T defaults)
    {
        SortedDictionary<string, JsonNode> given = new(StringComparer.Ordinal);
        Add(given, "", JsonSerializer.SerializeToNode(options, Names)!.AsObject(), JsonSerializer.SerializeToNode(defaults, Names)!.AsObject());
        return given;
    }

    private static void Add(SortedDictionary<string, JsonNode> given, string prefix, JsonObject options, JsonObject defaults)
    {
        foreach ((string name, JsonNode? value) in options)
        {
            JsonNode? normal = defaults[name];
            if (value is null || LeftOut.Contains(name) || JsonNode.DeepEquals(value, normal))
            {
                continue;
            }

            if (value is JsonObject inner && normal is JsonObject other)
            {
                // A comparison's shared options stand beside its own.
                Add(given, name == "slices" ? "slice_" : prefix, inner, other);
                continue;
            }

            given[prefix + name] = Short(value);
        }
    }

    private static JsonNode Short(JsonNode value) => value switch
    {
        JsonArray { Count: > LongestList } list => JsonValue.Create($"{list.Count} values"),
        JsonArray list => new JsonArray([.. list.Select(i => i is null ? null : Short(i))]),
        JsonValue text when text.TryGetValue(out string? path) && Path.IsPathRooted(path) => JsonValue.Create(Path.GetFileName(Path.TrimEndingDirectorySeparator(path))),
        _ => value.DeepClone(),
    };
}
