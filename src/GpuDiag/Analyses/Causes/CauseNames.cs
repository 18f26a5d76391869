namespace GpuDiag.Analyses.Causes;

/// <summary>Names of causes, and what each says. Which evidence is meant exactly: docs/causes.md.</summary>
internal static class CauseNames
{
    private static readonly (string Name, string Meaning)[] Texts =
    [
        ("pipeline", "explained by a fault between model and table"),
        ("duplicate_conflict", "its duplicates have another label"),
        ("label_error", "the label is likely wrong"),
        ("out_of_distribution", "far from all other rows"),
        ("rare", "of a class or segment that the model saw rarely"),
        ("drifted_segment", "in a failing segment that has grown since training"),
        ("weak_segment", "in a segment that surely fails more than the rest"),
        ("ambiguous", "its neighbours, or the model, are divided"),
        ("overconfident_boundary", "at a confidence that is kept too rarely"),
        ("unexplained", "within what its confidence allows"),
    ];

    public static int Count => Texts.Length;

    public static Cause[] All { get; } = Enum.GetValues<Cause>();

    /// <summary>As in files.</summary>
    public static string Name(Cause cause) => Texts[(int)cause].Name;

    /// <summary>For people.</summary>
    public static string Meaning(Cause cause) => Texts[(int)cause].Meaning;
}
