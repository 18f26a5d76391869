using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>The columns of metadata that shown rows carry: scalars without a role.</summary>
/// <param name="Fields">In the order of the data.</param>
/// <param name="LeftOut">How many more there are.</param>
internal sealed record MetaColumns(IReadOnlyList<Field> Fields, int LeftOut)
{
    /// <summary>Columns at most; those that rows are segmented by come first.</summary>
    public const int Most = 30;

    public static MetaColumns Of(IReadOnlyList<Field> fields, Roles roles)
    {
        HashSet<string> used =
        [
            .. new[] { roles.Label, roles.Pred, roles.Confidence, roles.Id, roles.Split, roles.Embedding, roles.Image, roles.Text }.OfType<Field>().Select(f => f.Name),
            .. roles.Probs.Select(p => p.Name),
        ];
        HashSet<string> segments = [.. roles.Segments.SelectMany(s => s.Parts).Select(p => p.Field.Name)];
        Field[] scalars = [.. fields.Where(f => !used.Contains(f.Name) && (RoleTypes.Categories.Contains(f.Type) || RoleTypes.Floats.Contains(f.Type)))];
        HashSet<string> chosen = [.. scalars.OrderBy(f => segments.Contains(f.Name) ? 0 : 1).Take(Most).Select(f => f.Name)];
        return new MetaColumns([.. scalars.Where(f => chosen.Contains(f.Name))], scalars.Length - chosen.Count);
    }
}
