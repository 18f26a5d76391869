using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Scoring.Heads;

/// <summary>The new labels by id.</summary>
/// <param name="ByName">Id to label.</param>
/// <param name="Unlabelled">Lines without a label.</param>
/// <param name="File">The first file, for messages.</param>
internal sealed record LabelSet(IReadOnlyDictionary<string, string> ByName, long Unlabelled, string File)
{
    public static LabelSet None { get; } = new(new Dictionary<string, string>(), 0, "");

    /// <exception cref="InputException">No id, no label, or an id with two labels.</exception>
    public static LabelSet Read(Dataset data, RetrainOptions options, Pipeline pipeline)
    {
        string file = data.Files[0].Path;
        var id = HeadColumns.Id(data, options.Id) ?? throw new InputException("the labels have no column of ids", file, remedy: $"Name it with --id. The columns are: {HeadColumns.Names(data)}.");
        var label = HeadColumns.Label(data, options.Label) ?? throw new InputException("the labels have no column of labels", file, remedy: $"Name it with --label. The columns are: {HeadColumns.Names(data)}.");
        string?[] ids = AllTexts.Read(data, id, pipeline), labels = AllTexts.Read(data, label, pipeline);
        Dictionary<string, string> byName = new(StringComparer.Ordinal);
        long unlabelled = 0;
        for (long row = 0; row < ids.LongLength; row++)
        {
            if (ids[row] is not { } name)
                throw new InputException($"row {row} has no id", file, id.Name, "Give every label the id of its row.");
            if (labels[row] is not { Length: > 0 } value)
                unlabelled++;
            else if (!byName.TryAdd(name, value) && byName[name] != value)
                throw new InputException($"'{name}' is labelled '{byName[name]}' and '{value}'", file, label.Name, "Settle which it is: one label per row.");
        }
        return new LabelSet(byName, unlabelled, file);
    }
}

/// <summary>Finds columns by option or usual name.</summary>
internal static class HeadColumns
{
    public static Field? Id(Dataset data, string? option) => Find(data, option, RoleNames.Id, RoleTypes.Categories, "id");

    public static Field? Label(Dataset data, string? option) => Find(data, option, RoleNames.Label, RoleTypes.Categories, "label");

    public static Field? Pred(Dataset data) => Find(data, null, RoleNames.Pred, RoleTypes.Categories, "pred");

    public static string Names(Dataset data) => string.Join(", ", data.Fields.Take(20).Select(f => f.Name)) + (data.Fields.Count > 20 ? ", …" : "");

    private static Field? Find(Dataset data, string? option, string[] names, FieldType[] types, string role)
    {
        if (option is not null)
        {
            var named = data.Fields.FirstOrDefault(f => f.Name == option)
                ?? throw new InputException($"there is no such column (asked for by --{role})", data.Files[0].Path, option, $"The columns are: {Names(data)}.");
            return types.Contains(named.Type) ? named : throw new InputException($"is {named.Declared}, which cannot be the {role}", data.Files[0].Path, option, "Name a column of text or whole numbers.");
        }
        return names.Select(n => data.Fields.FirstOrDefault(f => string.Equals(f.Name, n, StringComparison.OrdinalIgnoreCase) && types.Contains(f.Type))).FirstOrDefault(f => f is not null);
    }
}
