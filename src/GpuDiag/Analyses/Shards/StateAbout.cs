using System.IO.Hashing;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Shards;

/// <summary>What a state is of. States merge where all but the shard agree.</summary>
/// <param name="Format">Of the file's content.</param>
/// <param name="Version">Of the program: a state is the program's own memory, so no other version reads it.</param>
/// <param name="Command">Whose work it is a part of: <c>scan</c>, <c>knn</c>, …</param>
/// <param name="Shard"><c>i/n</c>; empty for a merged state.</param>
/// <param name="After">Checksum of the merged state that the pass began with; empty for the first.</param>
/// <param name="Pass">The pass of the last section, for people.</param>
/// <param name="Options">The options by name, those of the machine left out.</param>
/// <param name="Data">Schema, rows and files.</param>
internal sealed record StateAbout(
    int Format, string Version, string Command, string Shard, string After, string Pass, SortedDictionary<string, JsonNode?> Options, SortedDictionary<string, string> Data)
{
    /// <summary>Of states written by this program.</summary>
    public const int CurrentFormat = 2;

    private const string OfFile = "file ", NotRead = "left out: ";

    private const int Head = 1 << 12, Tail = 1 << 16;

    /// <summary>Options of any command that results do not depend on.</summary>
    private static readonly string[] OfMachine = [nameof(ScanOptions.Device), nameof(ScanOptions.Threads), nameof(ScanOptions.Memory), nameof(KnnOptions.Scratch), nameof(ScanOptions.ShownRow)];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions ByName = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What a state written by this program is of.</summary>
    /// <param name="command">Whose work it is.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="slice">Which part.</param>
    /// <param name="pass">What was done, for people.</param>
    /// <param name="options">All of the command's: a record of values.</param>
    /// <param name="data">By <see cref="DataOf(Dataset)"/>.</param>
    public static StateAbout OfPart<T>(string command, string version, ShardSlice slice, string pass, T options, SortedDictionary<string, string> data) =>
        new(CurrentFormat, version, command, slice.ToString(), "", pass, OptionsOf(options), data);

    /// <summary>The options by name, those of the machine left out, also where they stand in a record among them.</summary>
    public static SortedDictionary<string, JsonNode?> OptionsOf<T>(T options)
    {
        SortedDictionary<string, JsonNode?> all = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(options, ByName)!.AsObject())
        {
            if (OfMachine.Contains(name))
            {
                continue;
            }

            if (value is JsonObject several)
            {
                Array.ForEach(OfMachine, m => several.Remove(m));
            }

            all.Add(name, value?.DeepClone());
        }

        return all;
    }

    /// <summary>The options again, with those of the machine at their defaults.</summary>
    public T ToOptions<T>()
    {
        JsonObject all = [];
        foreach ((string name, JsonNode? value) in Options)
        {
            all.Add(name, value?.DeepClone());
        }

        return all.Deserialize<T>(ByName)!;
    }

    /// <summary>Schema, rows, and of each file its size, its rows and a hash of its first and last bytes, which hold a Parquet file's statistics and offsets.</summary>
    public static SortedDictionary<string, string> DataOf(Dataset data) => DataOf(("", data));

    /// <summary>The same of several datasets, each named by what it is for.</summary>
    public static SortedDictionary<string, string> DataOf(params ReadOnlySpan<(string Role, Dataset Data)> sets)
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        foreach ((string role, Dataset data) in sets)
        {
            string prefix = role.Length == 0 ? "" : role + " ";
            all[$"{prefix}rows"] = FormattableString.Invariant($"{data.Rows}");
            all[$"{prefix}columns"] = string.Join(", ", data.Fields.Select(f => $"{f.Name}: {f.Declared}"));
            foreach (DataFile file in data.Files)
            {
                all[$"{prefix}{OfFile}{file.Path}"] = FormattableString.Invariant($"{file.Bytes} bytes, {file.Rows} rows, {Print(file.Path)}");
            }

            foreach (UnreadFile file in data.Skipped)
            {
                all[$"{prefix}{OfFile}{file.Path}"] = NotRead + file.Reason;
            }
        }

        return all;
    }

    /// <summary>Files that were left out because they can't be read, which not everyone who opens them finds out.</summary>
    public IReadOnlyList<UnreadFile> LeftOut() =>
    [
        .. Data.Where(d => d.Value.StartsWith(NotRead, StringComparison.Ordinal))
            .Select(d => new UnreadFile(d.Key[(d.Key.IndexOf(OfFile, StringComparison.Ordinal) + OfFile.Length)..], d.Value[NotRead.Length..])),
    ];

    /// <summary>The same of a file that stands for data, as a saved reference does.</summary>
    public static SortedDictionary<string, string> DataOf(string role, string path) =>
        new(StringComparer.Ordinal) { [$"{role} {OfFile}{path}"] = FormattableString.Invariant($"{new FileInfo(path).Length} bytes, {Print(path)}") };

    /// <summary>The first thing in which another differs, in words; null where they are of one run.</summary>
    public string? Differs(StateAbout other) => DiffersInOptions(other) ?? Differs(other.Data);

    /// <summary>The same of command, version and options alone.</summary>
    public string? DiffersInOptions(StateAbout other) =>
        Command != other.Command ? $"command {Command}, not {other.Command}"
        : Version != other.Version ? $"version {Version}, not {other.Version}"
        : First(Texts(Options), Texts(other.Options)) is { } option ? $"option {option}"
        : null;

    /// <summary>The same of one dataset alone; null where nothing is known of that.</summary>
    public string? Differs(RoundData data)
    {
        SortedDictionary<string, string> mine = new(Data.Where(d => d.Key.StartsWith(data.Prefix, StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);
        return mine.Count == 0 ? null : First(mine, data.About);
    }

    /// <summary>The same of data alone.</summary>
    public string? Differs(SortedDictionary<string, string> data) => First(Data, data);

    private static string? First(SortedDictionary<string, string> mine, SortedDictionary<string, string> theirs) => mine.Keys.Union(theirs.Keys)
        .Order(StringComparer.Ordinal)
        .Where(k => mine.GetValueOrDefault(k) != theirs.GetValueOrDefault(k))
        .Select(k => $"{k}: {mine.GetValueOrDefault(k) ?? "not there"}, not {theirs.GetValueOrDefault(k) ?? "there"}")
        .FirstOrDefault();

    /// <summary>Options in words; those of a record among them as <c>Record.Name</c>.</summary>
    private static SortedDictionary<string, string> Texts(SortedDictionary<string, JsonNode?> options) => new(
        options.SelectMany(o => o.Value is JsonObject several ? several.Select(s => ($"{o.Key}.{s.Key}", Text(s.Value))) : [(o.Key, Text(o.Value))]).ToDictionary(),
        StringComparer.Ordinal);

    private static string Text(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";

    private static string Print(string path)
    {
        using RandomFile file = RandomFile.Open(path);
        XxHash128 hash = new();
        byte[] bytes = new byte[Tail];
        hash.Append(bytes.AsSpan(0, file.ReadFully(bytes.AsSpan(0, Head), 0)));
        hash.Append(bytes.AsSpan(0, file.ReadFully(bytes, Math.Max(0, file.Length - Tail))));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
