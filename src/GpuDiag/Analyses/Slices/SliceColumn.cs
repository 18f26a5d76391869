using GpuDiag.Columns;

namespace GpuDiag.Analyses.Slices;

/// <summary>A column whose values slices are made of.</summary>
/// <param name="Name">As reported.</param>
/// <param name="Domain">Of its values.</param>
/// <param name="Codes">The values that take part, null (0) first, then in the order of results.</param>
/// <param name="IsClass">The true or the predicted class.</param>
internal sealed record SliceColumn(string Name, Domain Domain, int[] Codes, bool IsClass)
{
    /// <summary>Null for rows without a value.</summary>
    public string? Text(int code) => code == Domain.Null ? null : Domain.Text(code);
}
