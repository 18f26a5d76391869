using System.IO.Enumeration;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Drift;

/// <summary>
/// Which columns of the reference are compared and as what: by option, else by conventional name, else by type. A pattern or
/// name that stands for no column is refused.
/// </summary>
internal sealed class DriftRoles
{
    private readonly IReadOnlyList<Field> fields;
    private readonly string file;
    private readonly DriftOptions options;
    private readonly List<RoleTaken> taken = [];
    private readonly HashSet<string> used = [];

    public DriftRoles(IReadOnlyList<Field> fields, DriftOptions options, string file)
    {
        (this.fields, this.options, this.file) = (fields, options, file);
        Label = Take("label", options.Label, RoleNames.Label, RoleTypes.Classes);
        Pred = Take("pred", options.Pred, RoleNames.Pred, RoleTypes.Classes);
        Confidence = Take("confidence", options.Confidence, ["confidence", "conf", "score"], RoleTypes.Confidence);
        Probabilities = Confidence is null && options.Confidence is null ? Take("probs", options.Probs, RoleNames.Probs, RoleTypes.Lists) : null;
        Id = Take("id", options.Id, RoleNames.Id, RoleTypes.Categories);
        Embedding = Take("embedding", options.Embedding, RoleNames.Embedding, RoleTypes.Lists);
        Split = Take("split", null, ["split", "subset", "fold"], RoleTypes.Categories);
        HashSet<string> texts = [.. options.Texts.Count > 0
            ? options.Texts.Select(t => Take("text", t, [], [FieldType.String])!.Name)
            : Take("text", null, RoleNames.Text, [FieldType.String]) is { } text ? [text.Name] : []];
        HashSet<string> categorical = Matching("categorical", options.Categorical), chosen = Matching("column", options.Columns), ignored = Matching("ignore", options.Ignored);
        foreach (Field field in fields)
        {
            if (ignored.Contains(field.Name) || (chosen.Count > 0 && !chosen.Contains(field.Name) && field != Label && field != Pred && field != Confidence && field != Probabilities))
            {
                continue;
            }

            if (Reason(field, categorical.Contains(field.Name) || chosen.Contains(field.Name)) is { } reason)
            {
                Left.Add(new NotCompared(field.Name, reason));
                continue;
            }

            Columns.Add(Column(field, texts.Contains(field.Name), categorical.Contains(field.Name)));
        }

        Segments = [new DriftSegment([], true), .. FindSegments()];
        Bins = [.. options.Bins.DistinctBy(b => Binned(b.Column).Name).Select(b => b with { Column = Binned(b.Column).Name })];
        if (Columns.Count == 0)
        {
            throw new InputException("no column can be compared", file, null, $"Numbers, text and booleans can be. The columns are: {Names()}.");
        }
    }

    public Field? Label { get; }

    public Field? Pred { get; }

    public Field? Confidence { get; }

    /// <summary>Where there is no confidence: a list whose greatest value is one.</summary>
    public Field? Probabilities { get; }

    public Field? Id { get; }

    public Field? Embedding { get; }

    /// <summary>Not compared unless asked for: train and test differ in it by nature.</summary>
    public Field? Split { get; }

    /// <summary>Only some columns were asked for.</summary>
    public bool IsRestricted => options.Columns.Count > 0;

    /// <summary>In the order of the data.</summary>
    public List<DriftColumn> Columns { get; } = [];

    public List<NotCompared> Left { get; } = [];

    /// <summary>Columns to cut into bins, each a compared column of numbers.</summary>
    public IReadOnlyList<BinOption> Bins { get; }

    /// <summary>All rows as one first.</summary>
    public IReadOnlyList<DriftSegment> Segments { get; }

    public IReadOnlyList<RoleTaken> Taken => taken;

    private DriftColumn Column(Field field, bool text, bool categorical) =>
        field == Label ? new DriftColumn(field.Name, DriftKind.Label, DriftForm.Codes, false)
        : field == Pred ? new DriftColumn(field.Name, DriftKind.Prediction, DriftForm.Codes, false)
        : field == Confidence ? new DriftColumn(field.Name, DriftKind.Confidence, DriftForm.Numbers, false)
        : field == Probabilities ? new DriftColumn(field.Name, DriftKind.Confidence, DriftForm.Greatest, false)
        : field == Embedding ? new DriftColumn(field.Name, DriftKind.Embedding, DriftForm.Vectors, false)
        : text ? new DriftColumn(field.Name, DriftKind.TextLength, DriftForm.Text, false)
        : categorical || field.Type is FieldType.String or FieldType.Boolean or FieldType.Date or FieldType.Timestamp ? new DriftColumn(field.Name, DriftKind.Categorical, DriftForm.Codes, false)
        : new DriftColumn(field.Name, DriftKind.Numeric, DriftForm.Numbers, field.Type == FieldType.Integer);

    /// <summary>Why a column is not compared; null where it is.</summary>
    private string? Reason(Field field, bool named) =>
        field == Embedding || field == Probabilities ? null
        : field == Id ? "ids differ by nature"
        : field == Split && !named ? "splits differ by nature; --column compares it all the same"
        : named && field.Type is FieldType.Date or FieldType.Timestamp ? null
        : field.Type switch
        {
            FieldType.Boolean or FieldType.Integer or FieldType.Float32 or FieldType.Float64 or FieldType.Decimal or FieldType.String => null,
            FieldType.Date or FieldType.Timestamp => "times differ by nature; --categorical compares them by value",
            FieldType.Float32List or FieldType.Float64List => "a list of numbers; --embedding compares one",
            _ => $"{field.Declared} has no order and no categories",
        };

    private IEnumerable<DriftSegment> FindSegments()
    {
        if (options.Segments.Count == 0 && options.Bins.Count > 0)
        {
            return [];
        }

        if (options.Segments.Count == 0)
        {
            return Columns.Where(c => c is { Kind: DriftKind.Categorical, Form: DriftForm.Codes }).Select(c => new DriftSegment([c.Name], false));
        }

        if (options.Segments is ["none"] && Find("none") is null)
        {
            return [];
        }

        DriftSegment[] segments = [.. options.Segments.Distinct().Select(name => new DriftSegment(Parts(name), true))];
        taken.AddRange(segments.Select(s => new RoleTaken("segment", s.Name!, "option")));
        return segments;

        string[] Parts(string name)
        {
            // A column whose own name holds an asterisk is that column, not a cross.
            string[] parts = Find(name) is not null ? [name] : name.Split('*', StringSplitOptions.TrimEntries);
            for (int i = 0; i < parts.Length; i++)
            {
                Field field = Find(parts[i]) ?? throw new InputException("there is no such column (asked for by --segment)", file, parts[i], $"The columns are: {Names()}.");
                if (!FormRules.Allows(field.Type, ColumnForm.Codes))
                {
                    throw new InputException($"is {field.Declared}, which cannot be cut into segments", file, field.Name, "Segments are text, boolean, integer, date or decimal columns.");
                }

                parts[i] = field.Name;
            }

            return parts;
        }
    }

    private Field Binned(string name)
    {
        Field field = Find(name) ?? throw new InputException("there is no such column (asked for by --bin)", file, name, $"The columns are: {Names()}.");
        return Columns.Any(c => c.Name == field.Name && c.Form == DriftForm.Numbers)
            ? field
            : throw new InputException($"is {field.Declared}, and not compared as numbers, so it has no bins", file, field.Name, "--bin takes columns of numbers that are compared; --segment takes text, booleans and whole numbers by value.");
    }

    private HashSet<string> Matching(string option, IReadOnlyList<string> patterns)
    {
        HashSet<string> names = [];
        foreach (string pattern in patterns)
        {
            string[] found = Find(pattern) is { } exact ? [exact.Name]
                : [.. fields.Where(f => FileSystemName.MatchesSimpleExpression(pattern, f.Name, false)).Select(f => f.Name)];
            if (found.Length == 0)
            {
                throw new InputException($"there is no such column (asked for by --{option})", file, pattern, $"The columns are: {Names()}.");
            }

            foreach (string name in found)
            {
                Field field = Find(name)!;
                if (option == "categorical" && !FormRules.Allows(field.Type, ColumnForm.Codes))
                {
                    throw new InputException($"is {field.Declared}, which cannot be compared by value", file, name, "Cast it to integer or text, or leave it numeric.");
                }

                names.Add(name);
            }
        }

        return names;
    }

    private string Names() => string.Join(", ", fields.Select(f => f.Name));

    private Field? Find(string name) =>
        fields.FirstOrDefault(f => f.Name == name) ?? fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    private Field? Take(string role, string? option, string[] names, FieldType[] types)
    {
        if (option == "none" && Find("none") is null)
        {
            return null;
        }

        Field? field = option is null
            ? names.Select(Find).FirstOrDefault(f => f is not null && types.Contains(f.Type) && !used.Contains(f.Name))
            : Find(option) ?? throw new InputException($"there is no such column (asked for by --{role})", file, option, $"The columns are: {Names()}.");
        if (field is null)
        {
            return null;
        }

        if (!types.Contains(field.Type))
        {
            throw new InputException($"is {field.Declared}, which cannot be the {role}", file, field.Name, $"--{role} takes {string.Join(", ", types)}.");
        }

        if (!used.Add(field.Name))
        {
            throw new InputException("was given two roles", file, field.Name, "Give each role a column of its own.");
        }

        taken.Add(new RoleTaken(role, field.Name, option is null ? "name" : "option"));
        return field;
    }
}
