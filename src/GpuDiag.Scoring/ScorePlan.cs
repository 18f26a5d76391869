using GpuDiag.Columns;
using GpuDiag.Scoring.Models;
using GpuDiag.Scoring.Output;
using GpuDiag.Scoring.Rows;

namespace GpuDiag.Scoring;

/// <summary>All that is settled before the first row is read. Rows per block and per part follow from model and data alone.</summary>
internal sealed record ScorePlan
{
    /// <summary>Memory that one block's inputs aim at.</summary>
    private const long BlockBytes = 16L << 20;

    /// <summary>Memory that one part's results aim at: small enough that a part redone costs little.</summary>
    private const long PartBytes = 16L << 20;

    private const int MostPartRows = 1 << 17;

    /// <summary>Images take long each, so fewer of them are at stake when a run is stopped.</summary>
    private const int MostPartImages = 1 << 13;

    public const int DefaultBatch = 64;

    public required ModelFile Model { get; init; }

    public required IReadOnlyList<ModelInput> Inputs { get; init; }

    public required IReadOnlyList<ModelOutput> Outputs { get; init; }

    /// <summary>Outputs of the model that are not written.</summary>
    public required IReadOnlyList<string> Left { get; init; }

    public required IReadOnlyList<OutputShape> Shapes { get; init; }

    /// <summary>One per output.</summary>
    public required IReadOnlyList<ResultWriter> Results { get; init; }

    public required IReadOnlyList<CarriedColumn> Carried { get; init; }

    /// <summary>Columns of scalars that are not carried since a result has their name.</summary>
    public required IReadOnlyList<string> Replaced { get; init; }

    public required IReadOnlyList<string>? Names { get; init; }

    /// <summary>Rows per run of the model.</summary>
    public required int Batch { get; init; }

    public required int PartRows { get; init; }

    /// <exception cref="InputException">Model, data and options do not fit together.</exception>
    public static ScorePlan Make(OnnxModel model, Dataset data, ScoreOptions options)
    {
        var file = model.File;
        var inputs = new InputResolver(file, data, options).Resolve();
        var (outputs, left) = OutputResolver.Resolve(file, options.Outputs);
        int batch = BatchRows(file, inputs, options.Batch);
        string[] asked = [.. outputs.Select(o => o.Port.Name)];
        OutputShape[] shapes;
        using (var first = new ModelBlock(model, inputs, null, asked, batch))
        {
            first.Run();
            shapes = [.. first.Shapes().Select((shape, i) => PerRow(file, outputs[i], shape, batch))];
        }
        int classes = outputs.Select((o, i) => o.Role is OutputRole.Probs or OutputRole.Logits ? Math.Max(2, shapes[i].Width) : 0).Max();
        var names = options.Classes ?? ClassNames.From(file.Metadata, file.Path);
        if (names is not null && classes > 0 && names.Count != classes)
            throw new InputException($"the model gives {classes} classes where {(options.Classes is null ? "its metadata" : "--classes")} has {names.Count} names", file.Path, remedy: "Give one name per class, in the order of the outputs, with --classes.");
        bool predicts = outputs.Any(o => o.Role == OutputRole.Pred);
        ResultWriter[] results = [.. outputs.Select((o, i) => Writer(o, i, shapes[i], names, !predicts, file.Path))];
        HashSet<string> taken = [.. results.SelectMany(r => r.Make(0)).Select(c => c.Field.Name)];
        var (carried, replaced) = Carry(data, options.Carry, taken);
        int rowBytes = results.Sum(r => r.RowBytes) + carried.Sum(c => c.RowBytes);
        int most = inputs.Any(i => i.Image is not null) ? MostPartImages : MostPartRows;
        int rows = options.PartRows ?? (int)Math.Clamp(PartBytes / Math.Max(1, rowBytes), 256, most);
        return new ScorePlan
        {
            Model = file,
            Inputs = inputs,
            Outputs = outputs,
            Left = left,
            Shapes = shapes,
            Results = results,
            Carried = carried,
            Replaced = replaced,
            Names = names,
            Batch = batch,
            PartRows = rows,
        };
    }

    private static int BatchRows(ModelFile file, IReadOnlyList<ModelInput> inputs, int? asked)
    {
        long[] stated = [.. inputs.Where(i => i.Port.Dims is [> 0, ..]).Select(i => i.Port.Dims[0]).Distinct()];
        if (stated.Length > 1 || (stated.Length == 1 && stated[0] > 1 << 16))
            throw new InputException("its inputs state different numbers of rows, or too large a one", file.Path, remedy: "Export it with an open batch size.");
        if (stated.Length == 1 && asked is int other && other != stated[0])
            throw new InputException($"the model takes {stated[0]} rows at a time, not {other}", file.Path, remedy: "Leave --batch out, or export it with an open batch size.");
        if (stated.Length == 1)
            return (int)stated[0];
        if (asked is int given)
            return given;
        long rowBytes = inputs.Sum(i => (long)i.RowBytes);
        int batch = DefaultBatch;
        while (batch > 1 && batch * rowBytes > BlockBytes)
            batch /= 2;
        return batch;
    }

    /// <summary>The shape without the batch.</summary>
    private static OutputShape PerRow(ModelFile file, ModelOutput output, OutputShape shape, int batch)
    {
        if (shape.Type == PortType.Other || shape.Dims.Count == 0 || shape.Dims[0] != batch)
            throw new InputException(
                $"its output '{output.Port.Name}' ({output.Port.Declared}) has not one row per row of the input", file.Path, remedy: $"Leave it out: --output {output.Port.Name}=none.");
        var perRow = new OutputShape(shape.Type, [.. shape.Dims.Skip(1)]);
        if (perRow.Width == 0 || (output.Role == OutputRole.Pred && perRow.Width != 1))
            throw new InputException($"its output '{output.Port.Name}' has {perRow.Width} values per row, which are no {(output.Role == OutputRole.Pred ? "prediction" : "result")}", file.Path, remedy: $"Give it another role: --output {output.Port.Name}=NAME, or =none.");
        if (perRow.Width > 1 << 24 || (perRow.Type == PortType.String && perRow.Width != 1))
            throw new InputException($"its output '{output.Port.Name}' has {perRow.Width} values per row", file.Path, remedy: $"Leave it out: --output {output.Port.Name}=none.");
        return perRow;
    }

    private static ResultWriter Writer(ModelOutput output, int index, OutputShape shape, IReadOnlyList<string>? names, bool argMax, string file)
    {
        bool isList = output.Role == OutputRole.Embedding || shape.Width > 1;
        bool logits = output.Role == OutputRole.Logits;
        return (output.Role, shape.Type) switch
        {
            (OutputRole.Pred, _) => new PredictionWriter(index, shape, names, file),
            (OutputRole.Probs or OutputRole.Logits, PortType.Double) => new ProbabilityWriter<double>(index, shape, logits, names, argMax),
            (OutputRole.Probs or OutputRole.Logits, PortType.Half) => new ProbabilityWriter<Half>(index, shape, logits, names, argMax),
            (OutputRole.Probs or OutputRole.Logits, _) => new ProbabilityWriter<float>(index, shape, logits, names, argMax),
            (_, PortType.String) => new TextResultWriter(index, output.Column),
            (_, PortType.Double) => new ValuesWriter<double, double>(index, shape, output.Column, isList),
            (_, PortType.Half) => new ValuesWriter<Half, float>(index, shape, output.Column, isList),
            (_, PortType.Int64) => isList ? new ValuesWriter<long, double>(index, shape, output.Column, true) : new ValuesWriter<long, long>(index, shape, output.Column, false),
            (_, PortType.Int32) => isList ? new ValuesWriter<int, double>(index, shape, output.Column, true) : new ValuesWriter<int, long>(index, shape, output.Column, false),
            (_, PortType.Int8) => isList ? new ValuesWriter<sbyte, float>(index, shape, output.Column, true) : new ValuesWriter<sbyte, long>(index, shape, output.Column, false),
            (_, PortType.Byte or PortType.Bool) => isList ? new ValuesWriter<byte, float>(index, shape, output.Column, true) : new ValuesWriter<byte, long>(index, shape, output.Column, false),
            _ => new ValuesWriter<float, float>(index, shape, output.Column, isList),
        };
    }

    private static (IReadOnlyList<CarriedColumn> Carried, IReadOnlyList<string> Replaced) Carry(
        Dataset data, IReadOnlyList<string> asked, HashSet<string> taken)
    {
        if (asked is ["none"])
            return ([], []);
        Field[] fields;
        if (asked.Count == 0)
        {
            fields = [.. data.Fields.Where(f => f.Type != FieldType.Binary && FormRules.Allows(f.Type, ColumnForm.Text))];
        }
        else
        {
            string? unknown = asked.FirstOrDefault(name => !data.Fields.Any(f => f.Name == name));
            if (unknown is not null)
                throw new InputException("no such column", data.Files[0].Path, unknown, $"--carry takes names of columns, or none alone: {string.Join(", ", data.Fields.Take(20).Select(f => f.Name))}{(data.Fields.Count > 20 ? ", …" : "")}.");
            fields = [.. data.Fields.Where(f => asked.Contains(f.Name))];
            if (fields.FirstOrDefault(f => taken.Contains(f.Name)) is { } clash)
                throw new InputException("a result has this name, so the column can't be carried over", column: clash.Name, remedy: "Leave it out of --carry, or name the result otherwise with --output.");
        }
        Field[] kept = [.. fields.Where(f => !taken.Contains(f.Name))];
        return ([.. kept.Select(f => CarriedColumn.Of(f, InputResolver.WidthOf(data, f)))], [.. fields.Except(kept).Select(f => f.Name)]);
    }
}
