namespace GpuDiag.Analyses.Results;

/// <summary>What the graph of nearest neighbours says of all rows.</summary>
/// <param name="Column">The embedding.</param>
/// <param name="Metric">"cosine" or "l2".</param>
/// <param name="Width">Dimensions.</param>
/// <param name="K">Neighbours per row.</param>
/// <param name="Rows">Rows with neighbours.</param>
/// <param name="LabelAgreement">Mean over rows of the share of labelled neighbours with the row's label.</param>
/// <param name="PredictionAgreement">Mean over rows of the share of labelled neighbours whose label is the row's prediction.</param>
/// <param name="Contradicted">Errors where at most a fifth of the neighbours has the row's label and at least four fifths its prediction.</param>
/// <param name="ContradictedRows">The first of them.</param>
/// <param name="Order">Null when no row has neighbours.</param>
public sealed record NeighborResult(
    string Column,
    string Metric,
    int Width,
    int K,
    long Rows,
    double? LabelAgreement,
    double? PredictionAgreement,
    long Contradicted,
    IReadOnlyList<long> ContradictedRows,
    RowOrderResult? Order);

/// <summary>Whether neighbours stand near each other in the data.</summary>
/// <param name="Sampled">Rows looked at.</param>
/// <param name="MeanRowDistance">Mean difference of the row numbers of a row and its neighbours.</param>
/// <param name="Expected">The same under permutations of the rows.</param>
/// <param name="Permutations">How many were drawn.</param>
/// <param name="PValue">Of a distance so small in an order that has nothing to do with content.</param>
public sealed record RowOrderResult(long Sampled, double MeanRowDistance, double Expected, int Permutations, double PValue);

/// <summary>Rows far from all others.</summary>
/// <param name="Count">Rows whose mean distance to their neighbours is beyond the threshold.</param>
/// <param name="MedianDistance">Of the mean distances; null when no row has neighbours.</param>
/// <param name="Threshold">The third quartile and 1.7 interquartile ranges.</param>
/// <param name="Errors">Mispredicted outliers.</param>
/// <param name="Accuracy">Of the outliers.</param>
/// <param name="AccuracyElsewhere">Of the other rows.</param>
/// <param name="PValue">One-sided: outliers are predicted no worse than other rows. Null without outliers.</param>
/// <param name="Rows">The first, farthest first.</param>
public sealed record OutlierResult(
    long Count,
    double? MedianDistance,
    double? Threshold,
    long Errors,
    Estimate Accuracy,
    Estimate AccuracyElsewhere,
    double? PValue,
    IReadOnlyList<long> Rows);

/// <summary>Rows that are the same, or next to.</summary>
/// <param name="Sets">Sets with a row of the data.</param>
/// <param name="Rows">Rows of the data in sets.</param>
/// <param name="ExactRows">Those whose content equals another's to the byte.</param>
/// <param name="ConflictingSets">Sets with different labels.</param>
/// <param name="LeakedRows">Rows of the data that the training set, or another split, holds too.</param>
/// <param name="NearThreshold">Distance below which rows are near duplicates; null when no row has neighbours.</param>
/// <param name="TrainThreshold">Likewise between a row and the training set; null without one.</param>
/// <param name="AccuracyWithoutLeaks">Of the rows that are not leaked.</param>
/// <param name="MetricsWithoutLeaks">All metrics of the confusion matrix; empty when no row is leaked.</param>
/// <param name="Largest">The sets with most rows, then by first row.</param>
public sealed record DuplicateResult(
    long Sets,
    long Rows,
    long ExactRows,
    long ConflictingSets,
    long LeakedRows,
    double? NearThreshold,
    double? TrainThreshold,
    Estimate AccuracyWithoutLeaks,
    IReadOnlyDictionary<string, Estimate> MetricsWithoutLeaks,
    IReadOnlyList<DuplicateSetResult> Largest);

/// <summary>A set of duplicates.</summary>
/// <param name="Set">As in the rows table.</param>
/// <param name="Rows">Of the data.</param>
/// <param name="TrainRows">Of the training set.</param>
/// <param name="Leaked">Rows of it are leaked.</param>
public sealed record DuplicateSetResult(long Set, long FirstRow, long Rows, long TrainRows, bool Conflicting, bool Leaked);
