namespace GpuDiag.Analyses.Results;

/// <summary>One prediction: what the model said, what speaks for it, and why it is wrong if it is.</summary>
public sealed record Explanation
{
    public required RowResult Row { get; init; }

    /// <summary>Most probable first, the label's and the prediction's always among them; empty without probabilities.</summary>
    public required IReadOnlyList<ClassProbability> Probabilities { get; init; }

    /// <summary>Probability of the prediction less that of the next class; null without probabilities.</summary>
    public double? Margin { get; init; }

    /// <summary>1 when no class is more probable than the label; null without probabilities or label.</summary>
    public int? LabelRank { get; init; }

    /// <summary>Nearest first, those in the data before those in a training set.</summary>
    public required IReadOnlyList<RowNeighbor> Neighbors { get; init; }

    /// <summary>Every cause, in order, and whether the row shows it; empty for a row that is right.</summary>
    public required IReadOnlyList<CauseEvidenceLine> Evidence { get; init; }

    /// <summary>What would have to be otherwise for the row to be right, or wrong.</summary>
    public required IReadOnlyList<string> WouldChange { get; init; }
}

/// <param name="Probability">As stored.</param>
/// <param name="Rank">1 = most probable; of equal ones the first class.</param>
public sealed record ClassProbability(string Class, double Probability, int Rank);

/// <param name="Cause">Its name.</param>
/// <param name="Shown">The row shows evidence of it.</param>
/// <param name="Figures">The figures that decide it, for people.</param>
public sealed record CauseEvidenceLine(string Cause, bool Shown, string Figures);
