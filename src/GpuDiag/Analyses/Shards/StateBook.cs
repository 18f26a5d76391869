using System.Text.Json;
using GpuDiag.Columns.Arrow;

namespace GpuDiag.Analyses.Shards;

/// <summary>A state file: of a part of the data in one pass, or merged, of all data in all passes so far.</summary>
/// <param name="About">What it is of.</param>
/// <param name="Sections">Values and states of passes, in their order. Of a part those of passes are of its rows; the others are of all data, so all parts have the same.</param>
internal sealed record StateBook(StateAbout About, IReadOnlyList<(string Name, byte[] Content)> Sections)
{
    private const string Kind = "gpudiag/state/1", Remedy = "Give files that --shard i/n --state FILE wrote.";

    /// <summary>Where it was read from.</summary>
    public string Path { get; init; } = "";

    public string Checksum { get; init; } = "";

    public bool IsMerged => About.Shard.Length == 0;

    public ShardSlice Slice => ShardSlice.Parse(About.Shard);

    public long Bytes => Sections.Sum(s => s.Content.LongLength);

    /// <exception cref="InputException">No state, damaged, or of another version.</exception>
    public static StateBook Read(string path, string version)
    {
        (string text, string checksum, List<(string, byte[])> sections) = SectionFile.Read(path, Kind, Remedy);
        return new StateBook(Known(text, path, version), sections) { Path = path, Checksum = checksum };
    }

    /// <summary>Reads what a state is of, and no section. What it holds is neither kept nor checked.</summary>
    /// <exception cref="InputException">No state, or of another version.</exception>
    public static StateBook Peek(string path, string version)
    {
        (string text, string checksum) = SectionFile.Peek(path, Kind, Remedy);
        return new StateBook(Known(text, path, version), []) { Path = path, Checksum = checksum };
    }

    /// <summary>Reads the sections of one that was peeked at.</summary>
    /// <exception cref="InputException">Damaged, or another file by now.</exception>
    public StateBook Whole()
    {
        StateBook whole = Read(Path, About.Version);
        return whole.Checksum == Checksum ? whole : throw new InputException("changed while it was being merged", Path, remedy: "Merge again when nothing writes it any more.");
    }

    public void Write(Stream stream) => SectionFile.Write(stream, Kind, JsonSerializer.Serialize(About), Sections);

    /// <summary>That the parts are of one scan and pass, each once, none missing.</summary>
    /// <exception cref="InputException">They are not; which, and in what, is named.</exception>
    public static void CheckParts(IReadOnlyList<StateBook> parts, StateBook? after)
    {
        StateBook first = parts[0];
        foreach (StateBook part in parts)
        {
            if (first.About.Differs(part.About) is { } difference)
            {
                throw new InputException($"does not go with {first.Path}: there {difference}", part.Path, remedy: "Make all parts from the same data with the same options.");
            }

            if (part.About.After != first.About.After || part.About.Pass != first.About.Pass)
            {
                throw new InputException($"is of pass {part.About.Pass}, but {first.Path} of {first.About.Pass}, or they began with different merged states", part.Path, remedy: "Merge the parts of one pass.");
            }

            if (part.Slice.Count != first.Slice.Count)
            {
                throw new InputException($"is part {part.About.Shard}, but {first.Path} is part {first.About.Shard}", part.Path, remedy: "Merge parts of one cut.");
            }
        }

        foreach (StateBook part in parts)
        {
            if (!Found(part).SequenceEqual(Found(first)))
            {
                throw new InputException($"found other classes or bins than {first.Path}", part.Path, remedy: "The data changed meanwhile: make all parts anew.");
            }
        }

        foreach (IGrouping<int, StateBook> same in parts.GroupBy(p => p.Slice.Index).Where(g => g.Count() > 1))
        {
            throw new InputException($"is part {same.First().About.Shard}, which {same.First().Path} is too", same.Last().Path, remedy: "Give every part once.");
        }

        int[] missing = [.. Enumerable.Range(1, first.Slice.Count).Except(parts.Select(p => p.Slice.Index))];
        if (missing.Length > 0)
        {
            throw new InputException($"of {first.Slice.Count} parts {missing.Length} are missing: {string.Join(", ", missing.Take(20))}{(missing.Length > 20 ? ", …" : "")}", remedy: "Make them, then merge again.");
        }

        if (first.About.After != (after?.Checksum ?? ""))
        {
            throw new InputException(
                first.About.After.Length == 0 ? "began with no merged state, but one is given" : "began with another merged state than is given", first.Path,
                remedy: first.About.After.Length == 0 ? "Leave --after out." : "Name by --after the file that its --after named.");
        }

        if (after is not null && after.About.Differs(first.About) is { } other)
        {
            throw new InputException($"does not go with {after.Path}: there {other}", first.Path, remedy: "Make all parts from the same data with the same options.");
        }
    }

    /// <summary>All but the passes themselves: what was found from all data, so it is one.</summary>
    private static IEnumerable<string> Found(StateBook part) => part.Sections.SkipLast(1).Where(s => !Rounds.IsPass(s.Name)).Select(s => Convert.ToHexString(s.Content));

    private static StateAbout Known(string text, string path, string version)
    {
        StateAbout about;
        try
        {
            about = JsonSerializer.Deserialize<StateAbout>(text) is { Version: not null, Command: not null, Shard: not null, After: not null, Pass: not null, Options: not null, Data: not null } whole
                ? whole : throw new JsonException("it is not whole");
        }
        catch (JsonException fault)
        {
            throw new InputException("the state's description can't be read", path, remedy: Remedy, inner: fault);
        }

        return about.Format == StateAbout.CurrentFormat && about.Version == version ? about
            : throw new InputException($"is of version {about.Version} (format {about.Format}); this is {version} (format {StateAbout.CurrentFormat})", path, remedy: "Make all states and the result with one version of gpudiag.");
    }
}
