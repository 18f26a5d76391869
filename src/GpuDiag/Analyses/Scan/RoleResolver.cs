using System.IO.Enumeration;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Gives columns their roles: by option, else by conventional name (the first of a role's names that the data has),
/// comparing names without regard to case.
/// </summary>
internal sealed class RoleResolver(IReadOnlyList<Field> fields, ScanOptions options, string file)
{
    private const int DefaultBins = 4;

    private readonly List<RoleTaken> taken = [];
    private readonly Dictionary<string, string> used = [];

    /// <summary>Without a column for the true class it is <see cref="Roles.NoLabel"/>.</summary>
    public bool LabelOptional { get; init; }

    /// <summary>Roles whose option has another name than they, for messages.</summary>
    public IReadOnlyDictionary<string, string> OptionNames { get; init; } = new Dictionary<string, string>();

    public Roles Resolve()
    {
        List<Field> probs = Probabilities();
        Field label = Take("label", options.Label, RoleNames.Label, RoleTypes.Classes)
            ?? (LabelOptional ? Roles.NoLabel : null)
            ?? throw new InputException($"no column for the true class{Unfit(RoleNames.Label)}", file, null, $"Name it with --label. The columns are: {Names()}.");
        Field? pred = Take("pred", options.Pred, RoleNames.Pred, RoleTypes.Classes);
        if (pred is null && probs.Count == 0)
        {
            throw new InputException($"no column for the predicted class{Unfit(RoleNames.Pred)}, and no probabilities to take it from", file, null, $"Name it with --{Option("pred")} or --{Option("probs")}. The columns are: {Names()}.");
        }

        if (pred is null)
        {
            taken.Add(new RoleTaken("pred", "argmax(probs)", "derived"));
        }

        Field? confidence = Take("confidence", options.Confidence, probs.Count > 0 ? ["confidence", "conf"] : ["confidence", "conf", "score"], RoleTypes.Confidence);
        if (confidence is null && probs.Count > 0)
        {
            taken.Add(new RoleTaken("confidence", "max(probs)", "derived"));
        }

        Field? id = Take("id", options.Id, RoleNames.Id, RoleTypes.Categories);
        Field? split = Take("split", options.Split, ["split", "subset", "fold"], RoleTypes.Categories);
        bool none = options.Embedding == "none" && Find("none") is null;
        Field? embedding = Take("embedding", none ? null : options.Embedding, RoleNames.Embedding, RoleTypes.Lists);
        taken.RemoveAll(t => none && t.Role == "embedding");
        taken.AddRange(fields.Where(f => f.Name is "weight" or "sample_weight" && !used.ContainsKey(f.Name)).Select(f => new RoleTaken("weight", f.Name, "not applied")));
        Field? image = Take("image", options.Image, RoleNames.Image, RoleTypes.Images);
        Field? text = Take("text", options.Text, RoleNames.Text, [FieldType.String]);
        IReadOnlyList<SegmentRole> segments = Segments(split);
        return new Roles
        {
            Label = label,
            Pred = pred,
            Probs = probs,
            Confidence = confidence,
            Id = id,
            Split = split,
            Embedding = none ? null : embedding,
            Image = image,
            Text = text,
            Segments = segments,
            Taken = taken,
        };
    }

    private string Option(string role) => OptionNames.GetValueOrDefault(role, role);

    private string Names() => string.Join(", ", fields.Select(f => f.Name));

    private Field? Find(string name) =>
        fields.FirstOrDefault(f => f.Name == name) ?? fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What stands under a name of the role, and is of another type.</summary>
    private string Unfit(string[] names) =>
        names.Select(Find).FirstOrDefault(f => f is not null && !RoleTypes.Classes.Contains(f.Type)) is { } field ? $": '{field.Name}' is {field.Declared}" : "";

    private Field Named(string role, string name) =>
        Find(name) ?? throw new InputException($"there is no such column (asked for by --{Option(role)})", file, name, $"The columns are: {Names()}.");

    private Field? Take(string role, string? option, string[] names, FieldType[] types)
    {
        Field? field = option is null
            ? names.Select(Find).FirstOrDefault(f => f is not null && types.Contains(f.Type) && !used.ContainsKey(f.Name))
            : Named(role, option);
        if (field is null)
        {
            return null;
        }

        if (!types.Contains(field.Type))
        {
            throw new InputException($"is {field.Declared}, which cannot be the {role}", file, field.Name, $"--{Option(role)} takes {string.Join(", ", types)}.");
        }

        Claim(role, field, option is null ? "name" : "option");
        return field;
    }

    private void Claim(string role, Field field, string how)
    {
        if (used.TryGetValue(field.Name, out string? other))
        {
            throw new InputException($"was given two roles, {other} and {role}", file, field.Name, "Give each role a column of its own.");
        }

        used[field.Name] = role;
        taken.Add(new RoleTaken(role, field.Name, how));
    }

    private List<Field> Probabilities()
    {
        if (options.Probs.Count == 0)
        {
            Field? found = Take("probs", null, RoleNames.Probs, RoleTypes.Lists);
            return found is null ? [] : [found];
        }

        List<Field> chosen = [];
        foreach (string pattern in options.Probs)
        {
            bool glob = pattern.AsSpan().ContainsAny('*', '?');
            Field[] matches = glob ? [.. fields.Where(f => FileSystemName.MatchesSimpleExpression(pattern, f.Name, false))] : [Named("probs", pattern)];
            if (matches.Length == 0)
            {
                throw new InputException($"no column matches --{Option("probs")} {pattern}", file, null, $"The columns are: {Names()}.");
            }

            chosen.AddRange(matches);
        }

        bool list = chosen.Count == 1 && RoleTypes.Lists.Contains(chosen[0].Type);
        foreach (Field field in chosen)
        {
            if (!list && !RoleTypes.Floats.Contains(field.Type))
            {
                throw new InputException($"is {field.Declared}, which cannot hold probabilities", file, field.Name, $"--{Option("probs")} takes one list of floats, or one float column per class.");
            }

            Claim("probs", field, "option");
        }

        return chosen;
    }

    private List<SegmentRole> Segments(Field? split)
    {
        List<SegmentRole> segments = [];
        bool none = options.Segments is ["none"] && Find("none") is null;
        Dictionary<string, int> bins = options.Bins.ToDictionary(b => Named("bin", b.Column).Name, b => b.Count);
        if (options.Segments.Count > 0 && !none)
        {
            segments.AddRange(options.Segments.Distinct().Select(name => Segment(name, bins)));
        }

        segments.AddRange(bins.Keys.Where(b => segments.All(s => s.Name != b)).Select(b => Segment(b, bins)));
        if (options.Segments.Count == 0)
        {
            FieldType[] types = [FieldType.Boolean, FieldType.Integer, FieldType.String];
            segments.AddRange(fields
                .Where(f => types.Contains(f.Type) && !bins.ContainsKey(f.Name) && (f == split || !used.ContainsKey(f.Name)))
                .Select(f => new SegmentRole(f.Name, [(f, 0)], true)));
        }

        if (split is not null && segments.All(s => s.Name != split.Name))
        {
            segments.Add(new SegmentRole(split.Name, [(split, 0)], true, true));
        }

        taken.AddRange(segments.Where(s => !s.Found).Select(s => new RoleTaken("segment", s.Name, "option")));
        return segments;
    }

    private SegmentRole Segment(string name, Dictionary<string, int> bins)
    {
        // A column whose own name holds an asterisk is that column, not a cross.
        string[] parts = Find(name) is not null ? [name] : name.Split('*', StringSplitOptions.TrimEntries);
        List<(Field, int)> columns = [];
        foreach (string part in parts)
        {
            Field field = Named("segment", part);
            bool number = RoleTypes.Floats.Contains(field.Type);
            if (!number && !RoleTypes.Categories.Contains(field.Type))
            {
                throw new InputException($"is {field.Declared}, which cannot be cut into segments", file, field.Name, "Segments are text, boolean, integer, date, decimal or float columns.");
            }

            columns.Add((field, bins.GetValueOrDefault(field.Name, number ? DefaultBins : 0)));
        }

        return new SegmentRole(string.Join('*', columns.Select(c => c.Item1.Name)), columns, false);
    }
}
