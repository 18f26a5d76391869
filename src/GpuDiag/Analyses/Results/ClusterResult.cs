namespace GpuDiag.Analyses.Results;

/// <summary>Rows that are near each other, and how the model does on them.</summary>
public sealed record ClusterResult
{
    /// <summary>0 for the cluster with most vectors, and so on; <c>cluster</c> of the rows table.</summary>
    public required int Cluster { get; init; }

    /// <summary>Rows with a label and a prediction.</summary>
    public required long Rows { get; init; }

    public required long Errors { get; init; }

    /// <summary>With Wilson's interval; undefined without rows.</summary>
    public required Estimate ErrorRate { get; init; }

    /// <summary>Of all other clusters' rows; null when there are none.</summary>
    public double? ErrorRateElsewhere { get; init; }

    /// <summary>One-sided: accuracy below that of the other clusters' rows. Null below the minimum support.</summary>
    public double? PValue { get; init; }

    /// <summary>Benjamini–Hochberg over all tested clusters.</summary>
    public double? QValue { get; init; }

    /// <summary>The commonest confusion among the errors, of equal ones the first by text; null without errors.</summary>
    public Confusion? Dominant { get; init; }

    /// <summary>The row nearest to the centroid, of equal ones the first; its coordinates on the map.</summary>
    public required long Medoid { get; init; }

    public double? X { get; init; }

    public double? Y { get; init; }

    /// <summary>Errors nearest to the centroid, nearest first.</summary>
    public required IReadOnlyList<long> TypicalErrors { get; init; }

    /// <summary>Values of segment columns that are surely commoner here than elsewhere, most surely first.</summary>
    public IReadOnlyList<ClusterValue> OverRepresented { get; init; } = [];

    /// <summary>Slices that are surely commoner here than elsewhere, most surely first.</summary>
    public IReadOnlyList<ClusterSlice> Slices { get; init; } = [];
}

/// <summary>A slice that is commoner in a cluster than in the others.</summary>
/// <param name="Slice">Its place in the list of slices.</param>
/// <param name="Predicates">As text.</param>
/// <param name="Rows">Rows of the cluster that are in the slice.</param>
/// <param name="Lift">Share of the cluster's rows in the slice, over the share of all rows in clusters.</param>
/// <param name="PValue">One-sided, against the other clusters' rows.</param>
/// <param name="QValue">Benjamini–Hochberg over every slice in every cluster.</param>
public sealed record ClusterSlice(int Slice, string Predicates, long Rows, double Lift, double PValue, double QValue);

/// <summary>A value that is commoner in a cluster than in the others.</summary>
/// <param name="Column">The segment column.</param>
/// <param name="Value">Its text; null for rows without one.</param>
/// <param name="Rows">Rows of the cluster with the value.</param>
/// <param name="Lift">Share of the cluster's rows with the value, over the share of all rows in clusters.</param>
/// <param name="PValue">One-sided, against the other clusters' rows.</param>
/// <param name="QValue">Benjamini–Hochberg over every value in every cluster.</param>
public sealed record ClusterValue(string Column, string? Value, long Rows, double Lift, double PValue, double QValue);

/// <summary>How the map of the rows was made.</summary>
/// <param name="Method">"pca".</param>
/// <param name="ExplainedVariance">Variance along x and y.</param>
/// <param name="ExplainedVarianceRatio">The same over the variance of all dimensions; 0 when that is 0.</param>
public sealed record MapResult(string Method, IReadOnlyList<double> ExplainedVariance, IReadOnlyList<double> ExplainedVarianceRatio)
{
    /// <summary>Rows with coordinates.</summary>
    public long Rows { get; init; }

    /// <summary>Rows of the map's table: all of these, or those of the smallest keys.</summary>
    public long TableRows { get; init; }
}
