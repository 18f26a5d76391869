namespace GpuDiag.Scoring.Models;

/// <summary>What becomes of a model's output.</summary>
internal enum OutputRole
{
    /// <summary>The predicted class: a number or a name.</summary>
    Pred,
    /// <summary>Class probabilities.</summary>
    Probs,
    /// <summary>What a softmax makes probabilities of.</summary>
    Logits,
    Embedding,
    /// <summary>Written as it is, under a name of its own.</summary>
    Keep,
}

/// <summary>An output that is written.</summary>
/// <param name="Column">The column that it is written to.</param>
/// <param name="How">For people: <c>option</c>, <c>name</c>, <c>softmax</c>.</param>
internal sealed record ModelOutput(ModelPort Port, OutputRole Role, string Column, string How);

/// <summary>Finds what becomes of each output: what the options say, else by its name.</summary>
internal static class OutputResolver
{
    public const string Pred = "pred";
    public const string Probs = "probs";
    public const string Embedding = "embedding";
    private const string None = "none";

    private static readonly (OutputRole Role, string[] Names)[] Conventions =
    [
        (OutputRole.Probs, [.. Analyses.Scan.RoleNames.Probs, "probability", "output_probability", "softmax"]),
        (OutputRole.Logits, ["logits", "logit"]),
        (OutputRole.Pred, [.. Analyses.Scan.RoleNames.Pred, "label", "output_label", "class", "classes"]),
        (OutputRole.Embedding, [.. Analyses.Scan.RoleNames.Embedding, "pooler_output", "image_embeds", "text_embeds", "sentence_embedding"]),
    ];

    /// <summary>The outputs to write, in the model's order, and the names of those that are left out.</summary>
    /// <exception cref="InputException">An option names no output, two outputs have one role, or nothing would be written.</exception>
    public static (IReadOnlyList<ModelOutput> Written, IReadOnlyList<string> Left) Resolve(ModelFile model, IReadOnlyList<string> options)
    {
        Dictionary<string, string> told = new(StringComparer.Ordinal);
        foreach (string text in options)
        {
            int equals = text.LastIndexOf('=');
            string name = equals > 0 ? text[..equals] : text;
            if (!model.Outputs.Any(o => o.Name == name))
                throw new InputException($"the model has no output '{name}'", model.Path, remedy: $"Its outputs are: {Listed(model)}.");
            string role = equals > 0 ? text[(equals + 1)..] : name;
            if (role.Length == 0 || !told.TryAdd(name, role))
                throw new InputException($"--output {text}: the output's role is {(role.Length == 0 ? "missing" : "given twice")}", remedy: "Write NAME=pred, probs, logits, embedding, none, or another name to write it under.");
        }
        List<ModelOutput> written = [];
        foreach (var port in model.Outputs.Where(o => told.ContainsKey(o.Name) && told[o.Name] != None))
            written.Add(Checked(model, Told(port, told[port.Name])));
        foreach (var (role, names) in Conventions)
        {
            if (Taken(written, role))
                continue;
            var port = names.Select(n => model.Outputs.FirstOrDefault(o => o.Name == n && !told.ContainsKey(n) && Fits(o, role))).FirstOrDefault(o => o is not null);
            if (port is not null)
                written.Add(new ModelOutput(port, role, ColumnOf(role, port.Name), "name"));
        }
        if (!Taken(written, OutputRole.Probs) && model.Outputs.FirstOrDefault(o => model.Softmaxed.Contains(o.Name) && !told.ContainsKey(o.Name)) is { } softmaxed)
            written.Add(new ModelOutput(softmaxed, OutputRole.Probs, Probs, "softmax"));
        if (written.Count == 0)
            throw new InputException($"what the model's outputs are is not said by their names: {Listed(model)}", model.Path, remedy: $"Say it: --output {model.Outputs[0].Name}=logits, or =probs, pred, embedding.");
        if (written.GroupBy(o => o.Column).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InputException($"the outputs {string.Join(" and ", twice.Select(o => $"'{o.Port.Name}'"))} would both be the column '{twice.Key}'", model.Path, remedy: "Give one of them another role with --output.");
        ModelOutput[] ordered = [.. model.Outputs.SelectMany(o => written.Where(w => w.Port == o))];
        return (ordered, [.. model.Outputs.Where(o => !ordered.Any(w => w.Port == o)).Select(o => o.Name)]);
    }

    private static ModelOutput Told(ModelPort port, string role) => role switch
    {
        Pred => new(port, OutputRole.Pred, Pred, "option"),
        Probs => new(port, OutputRole.Probs, Probs, "option"),
        "logits" => new(port, OutputRole.Logits, Probs, "option"),
        Embedding => new(port, OutputRole.Embedding, Embedding, "option"),
        _ => new(port, OutputRole.Keep, role, "option"),
    };

    private static ModelOutput Checked(ModelFile model, ModelOutput output)
    {
        if (!Fits(output.Port, output.Role))
            throw new InputException($"its output '{output.Port.Name}' is {output.Port.Declared}, which can't be written as {output.Role.ToString().ToLowerInvariant()}", model.Path, remedy: output.Port.Type == PortType.Other ? "Export it as a tensor (for scikit-learn: zipmap=False)." : "Give it another role with --output.");
        return output;
    }

    private static bool Fits(ModelPort port, OutputRole role) => role switch
    {
        OutputRole.Pred => port.Type is PortType.Int64 or PortType.Int32 or PortType.String,
        OutputRole.Keep => port.Type is not PortType.Other,
        _ => port.Type is PortType.Float or PortType.Double or PortType.Half,
    };

    /// <summary>Logits make probabilities, so one of the two is enough.</summary>
    private static bool Taken(List<ModelOutput> written, OutputRole role)
        => written.Exists(o => o.Column == ColumnOf(role, "") && role != OutputRole.Keep);

    private static string ColumnOf(OutputRole role, string name) => role switch
    {
        OutputRole.Pred => Pred,
        OutputRole.Probs or OutputRole.Logits => Probs,
        OutputRole.Embedding => Embedding,
        _ => name,
    };

    private static string Listed(ModelFile model) => string.Join(", ", model.Outputs.Select(o => $"{o.Name} ({o.Declared})"));
}
