using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Reports.Mining;

namespace GpuDiag.Scoring.Heads;

/// <summary>The new labels by id.</summary>
/// <param name="ByName">Id to label.</param>
/// <param name="Unlabelled">Lines without a label.</param>
/// <param name="File">The first file, for messages.</param>
internal sealed record LabelSet(IReadOnlyDictionary<string, string> ByName, long Unlabelled, string File)
{
    public static LabelSet None { get; } = new(new Dictionary<string, string>(), 0, "");

    /// <summary>Reads tables of Parquet or Arrow, and files that end in .csv.</summary>
    /// <exception cref="InputException">No id, no label, or an id with two labels.</exception>
    public static LabelSet Read(IReadOnlyList<string> files, RetrainOptions options, CancellationToken cancel)
    {
        LabelSet all = None;
        foreach (string csv in files.Where(IsCsv))
            all = all.With(Of(csv, CsvFile.Read(csv), options));
        string[] tables = [.. files.Where(f => !IsCsv(f))];
        if (tables.Length == 0)
            return all;
        using var data = Dataset.Open(tables, options.Skip);
        return all.With(Read(data, options, new Pipeline(data, options.Threads ?? Environment.ProcessorCount, options.Memory / 4, cancel)));
    }

    public static bool IsCsv(string file) => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private static LabelSet Read(Dataset data, RetrainOptions options, Pipeline pipeline)
    {
        string file = data.Files[0].Path;
        var id = HeadColumns.Id(data, options.Id) ?? throw new InputException("the labels have no column of ids", file, remedy: $"Name it with --id. The columns are: {HeadColumns.Names(data)}.");
        var label = HeadColumns.Label(data, options.Label) ?? throw new InputException("the labels have no column of labels", file, remedy: $"Name it with --label. The columns are: {HeadColumns.Names(data)}.");
        return Of(file, id.Name, label.Name, AllTexts.Read(data, id, pipeline), AllTexts.Read(data, label, pipeline));
    }

    private static LabelSet Of(string file, (string[] Names, List<string[]> Rows) csv, RetrainOptions options)
    {
        int id = Column(options.Id, RoleNames.Id, "id"), label = Column(options.Label, RoleNames.Label, "label");
        return Of(file, csv.Names[id], csv.Names[label], [.. csv.Rows.Select(r => r[id].Length > 0 ? r[id] : null)], [.. csv.Rows.Select(r => r[label])]);

        int Column(string? option, string[] usual, string role)
        {
            int at = option is not null
                ? Array.IndexOf(csv.Names, option)
                : usual.Select(n => Array.FindIndex(csv.Names, c => string.Equals(c, n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(i => i >= 0, -1);
            return at >= 0 ? at : throw new InputException($"the labels have no column of {role}s", file, option, $"Name it with --{role}. The columns are: {string.Join(", ", csv.Names.Take(20))}.");
        }
    }

    private static LabelSet Of(string file, string idColumn, string labelColumn, string?[] ids, string?[] labels)
    {
        Dictionary<string, string> byName = new(StringComparer.Ordinal);
        long unlabelled = 0;
        for (long row = 0; row < ids.LongLength; row++)
        {
            if (ids[row] is not { } name)
                throw new InputException($"row {row} has no id", file, idColumn, "Give every label the id of its row.");
            if (labels[row] is not { Length: > 0 } value)
                unlabelled++;
            else if (!byName.TryAdd(name, value) && byName[name] != value)
                throw new InputException($"'{name}' is labelled '{byName[name]}' and '{value}'", file, labelColumn, "Settle which it is: one label per row.");
        }
        return new LabelSet(byName, unlabelled, file);
    }

    private LabelSet With(LabelSet other)
    {
        Dictionary<string, string> both = new(ByName, StringComparer.Ordinal);
        foreach (var (id, label) in other.ByName)
        {
            if (!both.TryAdd(id, label) && both[id] != label)
                throw new InputException($"'{id}' is labelled '{both[id]}' and '{label}'", other.File, null, "Settle which it is: one label per row.");
        }
        return new LabelSet(both, Unlabelled + other.Unlabelled, File.Length > 0 ? File : other.File);
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
