using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// Gives the training set's columns their roles: a role goes to the column of the name that it has in the data, else to
/// one of the conventional names. So options name the columns of both.
/// </summary>
/// <param name="fields">Of the training set.</param>
/// <param name="data">The data's roles.</param>
/// <param name="options">What was asked for, with columns in the place of <c>.npy</c> files.</param>
/// <param name="file">A file of the training set, for messages.</param>
internal sealed class TrainRoleResolver(IReadOnlyList<Field> fields, Roles data, ScanOptions options, string file)
{
    private readonly List<RoleTaken> taken = [];
    private readonly HashSet<string> used = [];

    /// <exception cref="InputException">A column that an option names has a type that cannot play its role, or there is nothing to use.</exception>
    public TrainRoles Resolve()
    {
        List<Field> probs = Probabilities();
        TrainRoles roles = new()
        {
            Label = Take("label", data.Label, options.Label, RoleNames.Label, RoleTypes.Classes),
            Pred = Take("pred", data.Pred, options.Pred, RoleNames.Pred, RoleTypes.Classes),
            Probs = probs,
            Confidence = Take("confidence", data.Confidence, options.Confidence, [], RoleTypes.Confidence),
            Id = Take("id", data.Id, options.Id, RoleNames.Id, RoleTypes.Categories),
            Embedding = Embedding(),
            Image = Take("image", data.Image, options.Image, RoleNames.Image, RoleTypes.Images),
            Text = Take("text", data.Text, options.Text, RoleNames.Text, RoleTypes.Contents),
            Taken = taken,
        };
        return roles is { Label: null, Embedding: null, Image: null, Text: null }
            ? throw new InputException(
                "no column to use of the training set: no label, embedding, image or text",
                file,
                null,
                $"Name its columns as those of the data, or its embedding with --train-embedding. The columns are: {Names}.")
            : roles;
    }

    private string Names => string.Join(", ", fields.Take(20).Select(f => f.Name)) + (fields.Count > 20 ? ", …" : "");

    /// <summary>Only where the data has one: there is nothing else to compare it with.</summary>
    private Field? Embedding()
    {
        if (data.Embedding is null)
        {
            return null;
        }

        if (options.TrainEmbedding is not { } name)
        {
            return Take("embedding", data.Embedding, options.Embedding, RoleNames.Embedding, RoleTypes.Lists);
        }

        Field field = Find(name)
            ?? throw new InputException("there is no such column (asked for by --train-embedding)", file, name, $"The columns are: {Names}.");
        return RoleTypes.Lists.Contains(field.Type) ? Claim("embedding", field, "option") : throw Unfit("embedding", field);
    }

    private List<Field> Probabilities()
    {
        List<Field> probs = [.. data.Probs.Select(p => Find(p.Name)).OfType<Field>()];
        bool same = data.Probs.Count > 0 && probs.Count == data.Probs.Count
            && probs.Zip(data.Probs).All(p => RoleTypes.Lists.Contains(p.First.Type) == RoleTypes.Lists.Contains(p.Second.Type) && IsNumeric(p.First));
        if (!same)
        {
            probs = [.. RoleNames.Probs.Select(Find).OfType<Field>().Where(f => RoleTypes.Lists.Contains(f.Type)).Take(1)];
        }

        probs.ForEach(p => Claim("probs", p, same ? "as the data" : "name"));
        return probs;
    }

    private static bool IsNumeric(Field field) => RoleTypes.Lists.Contains(field.Type) || RoleTypes.Floats.Contains(field.Type);

    private Field? Find(string name) =>
        fields.FirstOrDefault(f => f.Name == name) ?? fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    private Field? Take(string role, Field? like, string? option, string[] names, FieldType[] types)
    {
        if (like is not null && Find(like.Name) is { } same && !used.Contains(same.Name))
        {
            if (types.Contains(same.Type))
            {
                return Claim(role, same, "as the data");
            }

            if (option is not null)
            {
                throw Unfit(role, same);
            }
        }

        Field? found = names.Select(Find).FirstOrDefault(f => f is not null && types.Contains(f.Type) && !used.Contains(f.Name));
        if (found is null && option is not null && like is not null)
        {
            taken.Add(new RoleTaken($"train {role}", like.Name, "missing"));
        }

        return found is null ? null : Claim(role, found, "name");
    }

    private InputException Unfit(string role, Field field) => new(
        $"is {field.Declared} in the training set, which cannot be the {role}", file, field.Name, "Store it as in the data, or give it another name.");

    private Field Claim(string role, Field field, string how)
    {
        used.Add(field.Name);
        taken.Add(new RoleTaken($"train {role}", field.Name, how));
        return field;
    }
}
