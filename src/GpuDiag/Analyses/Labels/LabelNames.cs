using System.Text;

namespace GpuDiag.Analyses.Labels;

/// <summary>The names of filters and scores in options and results: snake case of the members.</summary>
public static class LabelNames
{
    public static IReadOnlyList<string> Filters { get; } = [.. Enum.GetNames<LabelFilter>().Select(Snake)];

    public static IReadOnlyList<string> Scores { get; } = [.. Enum.GetNames<LabelScore>().Select(Snake)];

    public static string Of(LabelFilter filter) => Filters[(int)filter];

    public static string Of(LabelScore score) => Scores[(int)score];

    private static string Snake(string member)
    {
        StringBuilder name = new();
        foreach (char c in member)
        {
            name.Append(char.IsUpper(c) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
