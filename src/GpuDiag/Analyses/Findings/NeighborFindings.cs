using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>What the neighbours of rows tell: leaks, duplicates, outliers, doubtful labels, an order of the rows.</summary>
internal static class NeighborFindings
{
    private const double MediumShare = 0.001, HighShare = 0.01, ManyDuplicates = 0.01, SureP = 0.01, LeastGain = 0.005, HighGain = 0.02;
    private const double MostOrdered = 0.9;

    /// <summary>Any leaked row. No gain: accuracy without them is truer, not higher.</summary>
    public static IEnumerable<Finding> Leaks(FindingInput input)
    {
        if (input.Result.Duplicates is not { LeakedRows: > 0 } duplicates)
        {
            yield break;
        }

        Estimate honest = duplicates.AccuracyWithoutLeaks;
        yield return new Finding(
            "duplicates.leak",
            Severity.Of((double)duplicates.LeakedRows / input.Result.Rows, MediumShare, HighShare),
            $"{Evidence.Rows(duplicates.LeakedRows)} are in another split or the training set too; accuracy without them {Percent(honest.Value)}, with them {Evidence.Percent(input.Accuracy)}",
            Evidence.Of(
                ("leaked_rows", duplicates.LeakedRows),
                ("accuracy", input.Accuracy),
                ("accuracy_without_leaks", honest.Value),
                ("accuracy_without_leaks_low", honest.Low),
                ("accuracy_without_leaks_high", honest.High)),
            duplicates.LeakedRows,
            Estimate.Undefined,
            "Drop the rows with leak in rows.parquet, split by origin (one source, one split), and keep it so with --gate \"duplicates.leaked_rows==0\".");
    }

    /// <summary>Any set of duplicates with different labels: at least one of its labels is wrong, or the classes overlap.</summary>
    public static IEnumerable<Finding> Conflicts(FindingInput input)
    {
        if (input.Result.Duplicates is not { ConflictingSets: > 0 } duplicates)
        {
            yield break;
        }

        yield return new Finding(
            "duplicates.conflicting_labels",
            Severity.Of((double)duplicates.ConflictingSets / input.Result.Rows, MediumShare, HighShare),
            duplicates.ConflictingSets == 1 ? "1 set of duplicates has different labels" : $"{Evidence.Number(duplicates.ConflictingSets)} sets of duplicates have different labels",
            Evidence.Of(("conflicting_sets", duplicates.ConflictingSets), ("sets", duplicates.Sets)),
            duplicates.ConflictingSets,
            Estimate.Undefined,
            "Sort rows.parquet by duplicate_set, look at those whose labels differ, and correct the label or write down the rule that tells the classes apart.");
    }

    /// <summary>At least a hundredth of the rows are duplicates.</summary>
    public static IEnumerable<Finding> Duplicates(FindingInput input)
    {
        if (input.Result.Duplicates is not { } duplicates || duplicates.Rows < ManyDuplicates * input.Result.Rows)
        {
            yield break;
        }

        yield return new Finding(
            "duplicates.many",
            Severity.Low,
            $"{Evidence.Rows(duplicates.Rows)} are duplicates of others, in {Evidence.Number(duplicates.Sets)} sets",
            Evidence.Of(("rows", duplicates.Rows), ("sets", duplicates.Sets), ("exact_rows", duplicates.ExactRows), ("near_threshold", duplicates.NearThreshold)),
            duplicates.Rows,
            Estimate.Undefined,
            "Keep one row of each duplicate_set, or weight them: repeated rows count their errors, and their successes, several times.");
    }

    /// <summary>Outliers that are surely predicted worse. Gain: the accuracy of all rows if they did as well as the rest.</summary>
    public static IEnumerable<Finding> Outliers(FindingInput input)
    {
        if (input.Result.Outliers is not { PValue: <= SureP } outliers)
        {
            yield break;
        }

        double share = (double)outliers.Count / input.Matrix.Rows, elsewhere = outliers.AccuracyElsewhere.Value!.Value;
        Estimate gain = new(
            share * (elsewhere - outliers.Accuracy.Value!.Value),
            Math.Max(0, share * (elsewhere - outliers.Accuracy.High!.Value)),
            share * (elsewhere - outliers.Accuracy.Low!.Value));
        yield return new Finding(
            "outliers.underperform",
            Severity.Of(gain.Value!.Value, LeastGain, HighGain),
            $"{Evidence.Rows(outliers.Count)} far from all others: accuracy {Percent(outliers.Accuracy.Value)}, elsewhere {Percent(elsewhere)}",
            Evidence.Of(
                ("count", outliers.Count),
                ("errors", outliers.Errors),
                ("accuracy", outliers.Accuracy.Value),
                ("accuracy_elsewhere", elsewhere),
                ("p_value", outliers.PValue)),
            outliers.Count,
            gain,
            "Look at the rows with outlier in rows.parquet: drop what does not belong to the task, and collect more of what does.");
    }

    /// <summary>Errors where at least four fifths of the neighbours say that the prediction is right, and at most a fifth the label.</summary>
    public static IEnumerable<Finding> Contradicted(FindingInput input)
    {
        if (input.Result.Neighbors is not { Contradicted: > 0 } neighbors)
        {
            yield break;
        }

        double share = (double)neighbors.Contradicted / input.Matrix.Rows;
        yield return new Finding(
            "labels.contradicted",
            Severity.Of(share, LeastGain, HighGain),
            $"{Evidence.Rows(neighbors.Contradicted)} whose label neither the model nor the neighbours confirm",
            Evidence.Of(("rows", neighbors.Contradicted), ("label_issues", input.Result.LabelIssues?.Contradicted), ("k", neighbors.K), ("label_agreement", neighbors.LabelAgreement), ("first_row", neighbors.ContradictedRows[0])),
            neighbors.Contradicted,
            new Estimate(share, 0, share),
            "Have these labels checked first (contradicted_rows in summary.json): where the label is wrong, the model is right already.");
    }

    /// <summary>Neighbours surely stand nearer to each other than by chance, by a tenth of the distance at least.</summary>
    public static IEnumerable<Finding> Ordered(FindingInput input)
    {
        if (input.Result.Neighbors?.Order is not { PValue: <= SureP } order || order.MeanRowDistance > MostOrdered * order.Expected)
        {
            yield break;
        }

        yield return new Finding(
            "rows.ordered",
            Severity.Low,
            $"Like rows are stored near each other: neighbours are {Evidence.Number((long)order.MeanRowDistance)} rows apart, by chance {Evidence.Number((long)order.Expected)}",
            Evidence.Of(("mean_row_distance", order.MeanRowDistance), ("expected", order.Expected), ("p_value", order.PValue)),
            input.Result.Rows,
            Estimate.Undefined,
            "Shuffle before cutting the data into splits or batches; where the order is time or place, split along it and look for drift.");
    }

    private static string Percent(double? share) => share is double s ? Evidence.Percent(s) : "undefined";
}
