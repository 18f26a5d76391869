using System.Globalization;
using GpuDiag.Analyses.Slices;
using GpuDiag.Cli.Options;

namespace GpuDiag.Cli.Commands;

/// <summary>What the options of slices mean.</summary>
internal static class SliceRequest
{
    /// <exception cref="InputException">The weight is no number above 0, at most 1.</exception>
    public static SliceOptions From(OptionValues values)
    {
        var defaults = new SliceOptions();
        return defaults with
        {
            Objective = values.Text("slice-objective") switch { "loss" => SliceObjective.Loss, "calibration" => SliceObjective.Calibration, _ => SliceObjective.Error },
            Level = (int?)values.Whole("slice-level") ?? defaults.Level,
            Top = (int?)values.Whole("slice-top") ?? defaults.Top,
            Alpha = values.Text("slice-alpha") is string alpha ? Alpha(alpha) : defaults.Alpha,
            MinRows = (long?)values.Whole("slice-min-rows"),
            Fold = values.Text("slice-fold") != "off",
            Label = values.Has("slice-feature") ? values.Texts("slice-feature").Contains("label") : null,
            Pred = values.Texts("slice-feature").Contains("pred"),
        };
    }

    private static double Alpha(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double alpha) && alpha is > 0 and <= 1
            ? alpha
            : throw new InputException($"--slice-alpha: '{text}' is not a number above 0, at most 1", remedy: "Near 1 finds small slices of many errors, near 0 large ones; 0.95 is usual.");
}
