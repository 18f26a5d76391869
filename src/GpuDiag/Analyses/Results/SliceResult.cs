namespace GpuDiag.Analyses.Results;

/// <summary>Rows with certain values of one or more columns, on which the model does badly.</summary>
public sealed record SliceResult
{
    /// <summary>One value per column, in the order of the columns.</summary>
    public required IReadOnlyList<SlicePredicate> Predicates { get; init; }

    public required long Rows { get; init; }

    /// <summary>Mispredicted rows, whatever was searched for.</summary>
    public required long Errors { get; init; }

    /// <summary>With Wilson's interval.</summary>
    public required Estimate ErrorRate { get; init; }

    /// <summary>Of all other rows; null when there are none.</summary>
    public double? ErrorRateElsewhere { get; init; }

    /// <summary>Mean of the rows' values: of errors, losses or calibration gaps, as was searched for.</summary>
    public required double Mean { get; init; }

    /// <summary>SliceLine's score; above 0.</summary>
    public required double Score { get; init; }

    /// <summary>One-sided: error rate above that of all other rows.</summary>
    public required double PValue { get; init; }

    /// <summary>Benjamini–Hochberg over all conjunctions that were formed.</summary>
    public required double QValue { get; init; }

    /// <summary>Slices with lower scores that say the same, best first.</summary>
    public IReadOnlyList<string> Folded { get; init; } = [];

    public int Level => Predicates.Count;

    /// <summary>"weather=fog &amp; time=night".</summary>
    public string Text => string.Join(" & ", Predicates.Select(p => p.Text));
}

/// <summary>A value of a column, and all rows that have it.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">Its text; null for rows without one.</param>
/// <param name="Rows">Rows with the value.</param>
/// <param name="Errors">Mispredicted ones.</param>
/// <param name="IsClass">The column is that of the true or the predicted class.</param>
public sealed record SlicePredicate(string Column, string? Value, long Rows, long Errors, bool IsClass)
{
    public string Text => $"{Column}={Value ?? "null"}";
}

/// <summary>What was searched for slices, and the slices that were found.</summary>
public sealed record SliceSearchResult
{
    /// <summary>"error", "loss" or "calibration".</summary>
    public required string Objective { get; init; }

    public required double Alpha { get; init; }

    /// <summary>Rows of a slice at least.</summary>
    public required long MinRows { get; init; }

    /// <summary>Values of a slice at most; 0 = any number.</summary>
    public required int Level { get; init; }

    /// <summary>Levels that were searched completely; the search also ends where nothing can be found any more.</summary>
    public required int Levels { get; init; }

    /// <summary>The slices are the best of all; else of the searched levels only, since the next one has too many conjunctions.</summary>
    public required bool Complete { get; init; }

    /// <summary>Rows that count: with a label, a prediction and a value of what was searched for.</summary>
    public required long Rows { get; init; }

    /// <summary>Mispredicted ones.</summary>
    public required long Errors { get; init; }

    /// <summary>Of the rows' values; null where nothing was searched.</summary>
    public double? Mean { get; init; }

    /// <summary>The columns whose values took part.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Values that took part.</summary>
    public required int Values { get; init; }

    /// <summary>Columns that did not, and why.</summary>
    public required IReadOnlyList<SliceColumnLeftOut> LeftOut { get; init; }

    /// <summary>Conjunctions that were formed: the tests that q-values are over.</summary>
    public required long Candidates { get; init; }

    /// <summary>Those whose rows were counted; the others cannot be among the best.</summary>
    public required long Evaluated { get; init; }

    /// <summary>Slices that were folded under those that are shown.</summary>
    public long Folded => Slices.Sum(s => (long)s.Folded.Count);

    /// <summary>Highest score first.</summary>
    public required IReadOnlyList<SliceResult> Slices { get; init; }
}

/// <summary>A column that no slice is made of.</summary>
public sealed record SliceColumnLeftOut(string Column, string Reason);
