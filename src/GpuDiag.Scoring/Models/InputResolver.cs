using System.Text.RegularExpressions;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Scoring.Images;

namespace GpuDiag.Scoring.Models;

/// <summary>Finds the columns of each input of a model: those that the options name, else by name, else by order.</summary>
internal sealed class InputResolver(ModelFile model, Dataset data, ScoreOptions options)
{
    /// <summary>One per input, in the model's order.</summary>
    /// <exception cref="InputException">An input stays without columns, or they do not fit it.</exception>
    public IReadOnlyList<ModelInput> Resolve()
    {
        if (model.Inputs.Count == 0)
            throw new InputException("the model takes no input", model.Path, remedy: "Export it with its inputs.");
        foreach (var port in model.Inputs)
        {
            if (port.Size == 0)
                throw new InputException($"its input '{port.Name}' is {port.Declared}", model.Path, remedy: "Models are scored on numbers and images: export the part that takes them.");
        }
        var named = Named();
        return [.. model.Inputs.Select(port => Input(port, named))];
    }

    private Dictionary<string, List<(Field Field, string How)>> Named()
    {
        Dictionary<string, List<(Field, string)>> named = new(StringComparer.Ordinal);
        foreach (string text in options.Columns)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string? name = equals > 0 ? text[..equals] : null;
            string column = text;
            if (name is not null && model.Inputs.Any(i => i.Name == name))
                column = text[(equals + 1)..];
            else if (name is not null && !data.Fields.Any(f => f.Name == text))
                throw new InputException($"the model has no input '{name}'", model.Path, remedy: $"Its inputs are: {Listed(model.Inputs)}.");
            else if (model.Inputs.Count > 1)
                throw new InputException($"--input {text} does not say of which of the model's inputs", model.Path, remedy: $"Write --input NAME={text}; the inputs are: {Listed(model.Inputs)}.");
            else
                name = model.Inputs[0].Name;
            if (!named.TryGetValue(name!, out var list))
                named.Add(name!, list = []);
            list.AddRange(Matching(column).Select(f => (f, "option")));
        }
        return named;
    }

    private List<Field> Matching(string column)
    {
        if (column.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            column = Path.GetFileName(column);
        if (data.Fields.FirstOrDefault(f => f.Name == column) is { } exact)
            return [exact];
        var glob = new Regex("^" + Regex.Escape(column).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
        List<Field> found = column.Contains('*', StringComparison.Ordinal) ? [.. data.Fields.Where(f => glob.IsMatch(f.Name))] : [];
        return found.Count > 0 ? found : throw Missing(column);
    }

    private ModelInput Input(ModelPort port, Dictionary<string, List<(Field Field, string How)>> named)
    {
        if (!named.TryGetValue(port.Name, out var columns))
            columns = Found(port);
        if (columns.Exists(c => c.Field.Type is FieldType.Image or FieldType.Binary or FieldType.String))
        {
            if (columns.Count > 1 || !FormRules.Allows(columns[0].Field.Type, ColumnForm.Image))
                throw new InputException($"one input takes one column of images, not {columns.Count} columns", column: columns[0].Field.Name, remedy: "Name it with --image.");
            if (columns[0].Field.Type == FieldType.String && port.Dims.Count != 4)
                throw new InputException($"its input '{port.Name}' is {port.Declared}, where column '{columns[0].Field.Name}' is text", model.Path, remedy: $"Name a column of numbers, or of lists of them: --input {port.Name}=COL.");
            var shape = ImageShape.For(port, options.Recipe, model.Path);
            return new ModelInput(port, [new InputColumn(columns[0].Field, 1, columns[0].How)], shape.Dims, shape);
        }
        InputColumn[] sized = [.. columns.Select(c => new InputColumn(c.Field, Width(c.Field), c.How))];
        return new ModelInput(port, sized, Dims(port, sized), null);
    }

    private List<(Field, string)> Found(ModelPort port)
    {
        bool image = port.Dims.Count == 4;
        if (image && options.Image is { } asked)
            return [(data.Fields.FirstOrDefault(f => f.Name == asked) ?? throw Missing(asked), "option")];
        if (data.Fields.FirstOrDefault(f => f.Name == port.Name) is { } same)
            return [(same, "name")];
        if (image && data.Fields.FirstOrDefault(f => RoleNames.Image.Contains(f.Name) && FormRules.Allows(f.Type, ColumnForm.Image)) is { } picture)
            return [(picture, "name")];
        if (model.Inputs.Count > 1)
            throw new InputException($"its input '{port.Name}' ({port.Declared}) has no column of its name", model.Path, remedy: $"Say which: --input {port.Name}=COL.");
        Field[] lists = [.. data.Fields.Where(IsList)];
        if (port.Dims.Count != 1 && (RoleNames.Embedding.Select(n => lists.FirstOrDefault(f => f.Name == n)).FirstOrDefault(f => f is not null) ?? (lists.Length == 1 ? lists[0] : null)) is { } list)
            return [(list, "name")];
        Field[] scalars = [.. data.Fields.Where(f => IsScalar(f) && !IsRole(f.Name))];
        long wanted = port.Dims.Skip(1).Aggregate(1L, (a, b) => a < 0 || b < 0 ? -1 : a * b);
        if (lists.Length == 0 && (scalars.Length == wanted || (wanted < 0 && scalars.Length > 0)))
            return [.. scalars.Select(f => (f, "order"))];
        throw new InputException(
            $"its input '{port.Name}' is {port.Declared}, and no columns fit it by name or number ({scalars.Length} columns of numbers, {lists.Length} of lists)",
            model.Path, remedy: $"Name them, in the order of training: --input {port.Name}=COL, repeated, or with a pattern such as 'x*'.");
    }

    private IReadOnlyList<long> Dims(ModelPort port, InputColumn[] columns)
    {
        long width = columns.Sum(c => (long)c.Width);
        long[] dims = port.Dims.Count == 0 ? [-1] : [.. port.Dims.Skip(1)];
        long known = dims.Where(d => d > 0).Aggregate(1L, (a, b) => a * b);
        int open = dims.Count(d => d <= 0);
        if (open > 1)
            throw new InputException($"its input '{port.Name}' is {port.Declared}: more than one size is open besides the batch", model.Path, remedy: "Export it with these sizes fixed.");
        if (open == 0 ? width != known : width % known != 0)
            throw new InputException($"its input '{port.Name}' is {port.Declared}, {known} numbers a row, where {Shown(columns)} {(columns.Length == 1 ? "has" : "have")} {width}", model.Path, remedy: "Give the columns that the model was trained on.");
        return [.. dims.Select(d => d > 0 ? d : width / known)];
    }

    private int Width(Field field)
    {
        if (IsScalar(field))
            return 1;
        if (!IsList(field))
            throw new InputException($"{field.Declared} is no number and no list of numbers", data.Files[0].Path, field.Name, "Name another column with --input.");
        int width = WidthOf(data, field);
        return width > 0 ? width : throw new InputException("every row is null", data.Files[0].Path, field.Name, "Name another column with --input.");
    }

    /// <summary>Values per row of a list: as stated, else as the first row that has one; 0 where none has.</summary>
    public static int WidthOf(Dataset data, Field field)
    {
        if (!IsList(field) || field.Width > 0)
            return field.Width;
        ColumnRequest[] requests = [new(field.Name, ColumnForm.Matrix)];
        using var reader = data.Open(requests);
        using var batch = new Batch(requests, 256);
        for (int chunk = 0; chunk < data.Chunks.Count; chunk++)
        {
            reader.Start(chunk);
            while (reader.Read(batch) > 0)
            {
                if (((MatrixColumn)batch.Columns[0]).Width is > 0 and int width)
                    return width;
            }
        }
        return 0;
    }

    private InputException Missing(string column)
        => new("no such column", data.Files[0].Path, column, $"The columns are: {string.Join(", ", data.Fields.Take(20).Select(f => f.Name))}{(data.Fields.Count > 20 ? ", …" : "")}.");

    private static bool IsList(Field field) => field.Type is FieldType.Float32List or FieldType.Float64List;

    private static bool IsScalar(Field field) => FormRules.Allows(field.Type, ColumnForm.Numbers);

    private static bool IsRole(string name) =>
        RoleNames.Label.Contains(name) || RoleNames.Pred.Contains(name) || RoleNames.Id.Contains(name) || RoleNames.Probs.Contains(name)
        || name is "split" or "subset" or "fold" or "confidence" or "conf" or "score" or "weight" or "sample_weight";

    private static string Shown(InputColumn[] columns) => columns.Length == 1 ? $"column '{columns[0].Field.Name}'" : $"the {columns.Length} columns";

    private static string Listed(IReadOnlyList<ModelPort> ports) => string.Join(", ", ports.Select(p => $"{p.Name} ({p.Declared})"));
}
