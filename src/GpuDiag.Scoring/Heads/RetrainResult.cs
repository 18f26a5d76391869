using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Scoring.Heads;

/// <summary>A new head and what it does; the same on every machine.</summary>
public sealed record RetrainResult
{
    public required LinearHead Head { get; init; }

    /// <summary>Rows that the head was fitted to: old ones, with corrected labels or without.</summary>
    public required long TrainRows { get; init; }

    /// <summary>Newly labelled rows beside them.</summary>
    public required long NewRows { get; init; }

    /// <summary>Training rows whose label the new labels changed.</summary>
    public required long Relabelled { get; init; }

    /// <summary>Lines of the new labels without a label: not yet labelled.</summary>
    public required long Unlabelled { get; init; }

    /// <summary>New labels of ids that neither pool nor training set has: left out.</summary>
    public required long Unknown { get; init; }

    /// <summary>Training rows without a label, or without a usable vector: left out.</summary>
    public required long Excluded { get; init; }

    /// <summary>Classes that the new labels brought.</summary>
    public required IReadOnlyList<string> NewClasses { get; init; }

    /// <summary>Rows per class, in the head's order.</summary>
    public required IReadOnlyList<long> ClassRows { get; init; }

    public required double C { get; init; }

    /// <summary>What cross-validation tried: C and the out-of-fold log-loss; empty where C was given.</summary>
    public required IReadOnlyList<(double C, double Loss)> Tried { get; init; }

    /// <summary>Classes that the earlier head knew; null where there is none.</summary>
    public int? WarmClasses { get; init; }

    public required int Folds { get; init; }

    public required bool Balanced { get; init; }

    public required int Steps { get; init; }

    /// <summary>Passes over the rows, values with gradients and products with the Hessian alike, of the fit, the folds and the search; those of folds count by their rows.</summary>
    public required double Passes { get; init; }

    /// <summary>False: the search ended before its tolerance.</summary>
    public required bool Converged { get; init; }

    /// <summary>Accuracy of the out-of-fold predictions.</summary>
    public required Estimate OutOfFold { get; init; }

    /// <summary>Null without test data.</summary>
    public required TestResult? Test { get; init; }

    public required IReadOnlyList<RoleTaken> Roles { get; init; }

    public required IReadOnlyList<InputFile> Files { get; init; }

    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    public required IReadOnlyList<StageTime> Timings { get; init; }

    public required int Threads { get; init; }
}

/// <summary>The head on test data.</summary>
/// <param name="Rows">All.</param>
/// <param name="Evaluated">Rows with a label and a usable vector.</param>
/// <param name="After">Accuracy of the new head on these.</param>
/// <param name="Before">Accuracy of the predictions in the data, on the same rows; null without these.</param>
/// <param name="Mended">Rows that were wrong and are right.</param>
/// <param name="Broken">Rows that were right and are wrong.</param>
/// <param name="Cases">Challenge cases that could be evaluated; null without cases.</param>
/// <param name="CasesRight">Of these, right now.</param>
/// <param name="UnseenClasses">Classes of the test data that no training row has.</param>
public sealed record TestResult(
    long Rows, long Evaluated, Estimate After, Estimate? Before, long Mended, long Broken, long? Cases, long CasesRight, IReadOnlyList<string> UnseenClasses);
