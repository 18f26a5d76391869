using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// The options of a run that differ from their defaults and that a result may depend on, by name. Data is told by the inputs, so its paths
/// are not among them; nor is what belongs to the machine. Of a path only the file's name stays.
/// </summary>
/// <remarks>
/// Reads the fields behind the public properties: a serializer, or a property's getter called twice, would have code made at run time for
/// each property, which takes longer than a small scan.
/// </remarks>
internal static class GivenOptions
{
    private const int LongestList = 100;
    private const string FieldEnd = ">k__BackingField";

    private static readonly HashSet<string> LeftOut = ["inputs", "train", "datasets", "further", "after", "pool", "test", "labels", "device", "threads", "memory", "scratch", "seed", "shown_row", "log"];

    /// <summary>The options whose values differ, each a <see cref="string"/>, <see cref="bool"/>, number, <see cref="Part"/> or an array of these.</summary>
    /// <param name="options">As the run had them.</param>
    /// <param name="defaults">As they are when nothing is asked for.</param>
    public static IReadOnlyDictionary<string, object> Of<T>(T options, T defaults)
        where T : class
    {
        SortedDictionary<string, object> given = new(StringComparer.Ordinal);
        Add(given, "", Members(options), Members(defaults));
        return given;
    }

    /// <summary>Writes a value of <see cref="Of"/>.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case object?[] list:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Part part:
                writer.WriteStartObject();
                foreach (Member member in part.Members)
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNumberValue(Convert.ToInt64(value, null));
                break;
        }
    }

    private static void Add(SortedDictionary<string, object> given, string prefix, List<Member> options, List<Member> defaults)
    {
        for (int i = 0; i < options.Count; i++)
        {
            (string name, object? value) = options[i];
            object? normal = defaults[i].Value;
            if (value is null || LeftOut.Contains(name) || Same(value, normal))
            {
                continue;
            }

            if (value is Part inner && normal is Part other)
            {
                // A comparison's shared options stand beside its own.
                Add(given, name == "slices" ? "slice_" : prefix, inner.Members, other.Members);
                continue;
            }

            given[prefix + name] = Short(value);
        }
    }

    private static List<Member> Members(object options)
    {
        List<Member> members = [];
        foreach (FieldInfo field in options.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            int end = field.Name.IndexOf(FieldEnd, StringComparison.Ordinal);
            if (end > 0 && options.GetType().GetProperty(field.Name[1..end]) is { } property)
            {
                members.Add(new Member(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Plain(field.GetValue(options))));
            }
        }

        return members;
    }

    private static object? Plain(object? value)
    {
        switch (value)
        {
            case null or string or bool or double or ulong or int or long:
                return value;
            case Enum choice:
                return JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString());
            case IEnumerable list:
                List<object?> items = [];
                foreach (object? item in list)
                {
                    items.Add(Plain(item));
                }

                return items.ToArray();
            default:
                return new Part(Members(value));
        }
    }

    private static bool Same(object? a, object? b)
    {
        switch (a, b)
        {
            case (object?[] left, object?[] right):
                bool same = left.Length == right.Length;
                for (int i = 0; same && i < left.Length; i++)
                {
                    same = Same(left[i], right[i]);
                }

                return same;
            case (Part left, Part right):
                bool alike = left.Members.Count == right.Members.Count;
                for (int i = 0; alike && i < left.Members.Count; i++)
                {
                    alike = Same(left.Members[i].Value, right.Members[i].Value);
                }

                return alike;
            default:
                return Equals(a, b);
        }
    }

    private static object Short(object value)
    {
        switch (value)
        {
            case object?[] { Length: > LongestList } list:
                return $"{list.Length} values";
            case object?[] list:
                object?[] items = new object?[list.Length];
                for (int i = 0; i < list.Length; i++)
                {
                    items[i] = list[i] is { } item ? Short(item) : null;
                }

                return items;
            case string path when Path.IsPathRooted(path):
                return Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
            default:
                return value;
        }
    }

    /// <summary>A public property: its name and plain value.</summary>
    internal sealed record Member(string Name, object? Value);

    /// <summary>A record of options.</summary>
    internal sealed record Part(List<Member> Members);
}
