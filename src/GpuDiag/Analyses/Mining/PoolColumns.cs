using System.IO.Enumeration;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Mining;

/// <summary>The columns of a pool beside its vectors.</summary>
/// <param name="Probs">One list, or float columns; empty without probabilities.</param>
/// <param name="Pred">What the model predicts; null where the pool does not say.</param>
/// <param name="Taken">What was taken and why.</param>
internal sealed record PoolColumns(IReadOnlyList<Field> Probs, Field? Pred, IReadOnlyList<RoleTaken> Taken)
{
    /// <exception cref="InputException">A column asked for is missing or no probabilities.</exception>
    public static PoolColumns Find(IReadOnlyList<Field> fields, IReadOnlyList<string> probs, string file, string embedding)
    {
        List<Field> chosen = [];
        foreach (string pattern in probs)
        {
            bool glob = pattern.AsSpan().ContainsAny('*', '?');
            Field[] matches = [.. fields.Where(f => glob ? FileSystemName.MatchesSimpleExpression(pattern, f.Name, false) : f.Name == pattern)];
            chosen.AddRange(matches.Length > 0
                ? matches
                : throw new InputException("there is no such column (asked for by --probs)", file, pattern, $"The columns are: {string.Join(", ", fields.Select(f => f.Name))}."));
        }

        if (chosen.Find(f => chosen.Count > 1 ? !RoleTypes.Floats.Contains(f.Type) : !RoleTypes.Floats.Concat(RoleTypes.Lists).Contains(f.Type)) is { } wrong)
        {
            throw new InputException($"is {wrong.Declared}, which cannot hold probabilities", file, wrong.Name, "--probs takes one list of floats, or one float column per class.");
        }

        if (probs.Count == 0 && By(RoleNames.Probs, RoleTypes.Lists) is { } found)
        {
            chosen.Add(found);
        }

        Field? pred = By(RoleNames.Pred, RoleTypes.Classes);
        return new PoolColumns(
            chosen,
            pred,
            [.. chosen.Select(f => new RoleTaken("probs", f.Name, probs.Count > 0 ? "option" : "name")), .. pred is null ? Array.Empty<RoleTaken>() : [new RoleTaken("pred", pred.Name, "name")]]);

        Field? By(string[] names, FieldType[] types) =>
            names.Select(n => fields.FirstOrDefault(f => string.Equals(f.Name, n, StringComparison.OrdinalIgnoreCase) && types.Contains(f.Type) && f.Name != embedding)).FirstOrDefault(f => f is not null);
    }
}
