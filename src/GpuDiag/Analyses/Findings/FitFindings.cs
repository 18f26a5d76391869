using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>A model that learnt too little, or its training rows by heart.</summary>
internal static class FitFindings
{
    private const double HighGap = 0.15;

    private const int Listed = 20;

    /// <summary>The verdict on all rows; where that is good or open, the classes whose own is neither.</summary>
    public static IEnumerable<Finding> All(FindingInput input)
    {
        if (input.Result.Fit is not { } fit)
        {
            yield break;
        }

        if (fit.Verdict is not (FitResult.Good or FitResult.CannotTell))
        {
            Estimate gap = Figure(fit, "gap_without_leaks") is { Value: not null } honest ? honest : Figure(fit, "gap");
            yield return new Finding(
                $"fit.{fit.Verdict}",
                fit.Verdict == FitResult.Underfit || gap.Value >= HighGap ? Severity.High : Severity.Medium,
                $"{Name(fit.Verdict)}: {fit.Why}",
                Evidence.Of([.. fit.Reasons.Select(r => (r.Name, (object?)r.Figure))]),
                input.Matrix.Rows,
                Estimate.Undefined,
                Action(fit.Verdict));
            yield break;
        }

        foreach (string verdict in (string[])[FitResult.Memorised, FitResult.Overfit, FitResult.Underfit])
        {
            FitClass[] classes = [.. fit.Classes.Where(c => c.Verdict == verdict)];
            if (classes.Length > 0)
            {
                yield return new Finding(
                    $"fit.{verdict}",
                    Severity.Low,
                    $"{Name(verdict)} in {(classes.Length == 1 ? $"class '{classes[0].Class}'" : $"{Evidence.Number(classes.Length)} classes")}, though not over all",
                    Evidence.Of([.. classes.Take(Listed).Select(c => ($"gap {c.Class}", (object?)c.Gap))]),
                    classes.Sum(c => c.TestRows),
                    Estimate.Undefined,
                    Action(verdict));
            }
        }
    }

    private static Estimate Figure(FitResult fit, string name) => fit.Reasons.FirstOrDefault(r => r.Name == name)?.Figure ?? Estimate.Undefined;

    private static string Name(string verdict) => char.ToUpperInvariant(verdict[0]) + verdict[1..];

    private static string Action(string verdict) => verdict switch
    {
        FitResult.Underfit => "Train longer, with a larger model, better features or less regularisation, and check that the loss goes down on a hundred rows first; more data will not help before that.",
        FitResult.Memorised => "Remove rows that training and test share (leak in rows.parquet) and wrong labels before training again; judge by the metrics without leaks until then.",
        _ => "Add training rows, augment them, regularise more or stop earlier; compare on test rows that are not leaked.",
    };
}
