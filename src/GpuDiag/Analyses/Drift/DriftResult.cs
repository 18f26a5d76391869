namespace GpuDiag.Analyses.Drift;

/// <summary>What changed between a reference and another dataset.</summary>
public sealed record DriftResult
{
    public required long ReferenceRows { get; init; }

    public required long CurrentRows { get; init; }

    /// <summary>Effect from which a significant difference is drift.</summary>
    public required double Effect { get; init; }

    /// <summary>q up to which a difference is significant.</summary>
    public required double Alpha { get; init; }

    /// <summary>In the order of the reference.</summary>
    public required IReadOnlyList<ColumnDrift> Columns { get; init; }

    public required IReadOnlyList<NotCompared> NotCompared { get; init; }

    /// <summary>Which kinds of shift there are.</summary>
    public required DriftKindShares Kind { get; init; }

    /// <summary>Null without predictions on either side.</summary>
    public DriftAccuracy? Accuracy { get; init; }

    public int Drifted => Columns.Count(c => c.Drifted);
}

/// <summary>What changed in one column.</summary>
public sealed record ColumnDrift
{
    public required string Column { get; init; }

    public required DriftKind Kind { get; init; }

    /// <summary><c>ks</c> or <c>chi2</c>: the test behind p; null where one side has no values.</summary>
    public required string? Method { get; init; }

    /// <summary>The test's statistic.</summary>
    public double? Statistic { get; init; }

    /// <summary>Size of the difference, comparable between columns: of numbers the greater of KS and W1/sd, of categories the Jensen–Shannon distance.</summary>
    public double? Effect { get; init; }

    public double? PValue { get; init; }

    /// <summary>Benjamini–Hochberg over all tests of the comparison, those of missing values included.</summary>
    public double? QValue { get; set; }

    /// <summary>Effect and q both say so, of the values or of what is missing.</summary>
    public bool Drifted { get; set; }

    /// <summary>By name, in the order of reports.</summary>
    public IReadOnlyList<(string Name, double? Value)> Measures { get; init; } = [];

    /// <summary>How values were binned, where a measure needs bins.</summary>
    public DriftBinning? Binning { get; init; }

    public required SideValues Reference { get; init; }

    public required SideValues Current { get; init; }

    public required MissingDrift Missing { get; init; }

    /// <summary>The values whose shares differ most, or the bins.</summary>
    public IReadOnlyList<ShareChange> Shares { get; init; } = [];

    /// <summary>Of categories: values that only one side has, and the share of its rows that they have.</summary>
    public OneSided? OneSided { get; init; }
}

/// <summary>The values of one side.</summary>
/// <param name="Values">Rows that take part.</param>
/// <param name="Infinite">Rows set aside because they are infinite.</param>
/// <param name="Distinct">Distinct values; where they are too many to tell apart, the leading bits that are told apart.</param>
/// <param name="Numbers">Of numbers: mean, standard deviation, and the quantiles 0, ¼, ½, ¾, 1.</param>
public sealed record SideValues(long Values, long Infinite, long Distinct, NumberSummary? Numbers);

/// <summary>Figures of a distribution.</summary>
/// <param name="Sd">Of the values themselves (divided by n).</param>
public sealed record NumberSummary(double Mean, double Sd, double Min, double Quarter, double Median, double ThreeQuarters, double Max);

/// <summary>Bins by which measures over shares were taken.</summary>
/// <param name="Method"><c>reference_deciles</c> or <c>values</c>.</param>
/// <param name="Edges">Of deciles: upper edges, the last bin open. Of values: none.</param>
/// <param name="Bins">How many there are.</param>
/// <param name="Pooled">Of values: those counted as one for the test, because fewer than 5 rows were expected.</param>
public sealed record DriftBinning(string Method, IReadOnlyList<double> Edges, int Bins, int Pooled);

/// <summary>A value or bin, and its share of each side's values.</summary>
public sealed record ShareChange(string Value, double Reference, double Current);

/// <summary>Values on one side only.</summary>
public sealed record OneSided(int New, double NewShare, int Vanished, double VanishedShare);

/// <summary>How the share of missing values changed.</summary>
public sealed record MissingDrift(long Reference, long Current, double ReferenceShare, double CurrentShare, double Effect, double PValue)
{
    public double QValue { get; set; }

    public bool Drifted { get; set; }
}
