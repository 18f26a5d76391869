using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Findings;

/// <summary>Classes and pairs of classes that go wrong.</summary>
internal static class ClassFindings
{
    private const int LeastSupport = 30, Most = 10;
    private const double LowRecallGap = 0.1, DominantShare = 0.1, DominantLift = 2, MediumGain = 0.005, HighGain = 0.02;

    /// <summary>Accuracy below that of always answering the commonest class; high when surely so.</summary>
    public static IEnumerable<Finding> WorseThanMajority(FindingInput input)
    {
        ConfusionMatrix matrix = input.Matrix;
        if (matrix.Rows < LeastSupport)
        {
            yield break;
        }

        long majority = matrix.Support.Max();
        if (matrix.Correct >= majority)
        {
            yield break;
        }

        Estimate accuracy = input.Result.Metrics["accuracy"];
        double baseline = (double)majority / matrix.Rows;
        string name = input.Classes.Names[matrix.Classes[Array.IndexOf(matrix.Support, majority)]];
        yield return new Finding(
            "metrics.worse_than_majority",
            accuracy.High < baseline ? Severity.High : Severity.Medium,
            $"Accuracy {Evidence.Percent(input.Accuracy)} is below the {Evidence.Percent(baseline)} of always answering '{name}'",
            Evidence.Of(("accuracy", accuracy.Value), ("majority_class", name), ("majority_share", baseline)),
            matrix.Rows,
            new Estimate(baseline - input.Accuracy, Math.Max(0, baseline - accuracy.High!.Value), baseline - accuracy.Low!.Value),
            "Check that labels and predictions use the same class names and are aligned row by row; if they are, the model has not learnt the task.");
    }

    /// <summary>A class with 30 rows or more that is never predicted.</summary>
    public static IEnumerable<Finding> NeverPredicted(FindingInput input) =>
        from c in Worst(input, (k, _) => input.Matrix.Predicted[k] == 0)
        select Describe(
            input,
            c,
            "class.never_predicted",
            $"'{c.Name}' is never predicted, though {Evidence.Rows(c.Support)} are of it",
            $"Check the class list of the model for '{c.Name}' (a missing or misspelt name, a wrong index); if it is right, add training rows of this class.");

    /// <summary>A class with 30 rows or more whose recall is surely 0.1 below the accuracy of all rows.</summary>
    public static IEnumerable<Finding> LowRecall(FindingInput input) =>
        from c in Worst(input, (k, recall) => input.Matrix.Predicted[k] > 0 && recall.High < input.Accuracy - LowRecallGap)
        select Describe(
            input,
            c,
            "class.low_recall",
            $"Only {Evidence.Percent(c.Recall.Value!.Value)} of '{c.Name}' are found (all classes: {Evidence.Percent(input.Accuracy)})",
            $"Look at what '{c.Name}' is taken for in the confusions table; check the labels of those rows, then add training rows of this class.");

    /// <summary>
    /// A pair with at least 10 % of the errors and twice its expected share. Expected: what the other errors say of a
    /// missing cell, r·c/(e − r − c) with e, r, c the other errors in all, of this label, as this prediction; an equal share
    /// where they say nothing. Three classes or more. Gain: the excess over the expected.
    /// </summary>
    public static IEnumerable<Finding> DominantConfusion(FindingInput input)
    {
        ConfusionMatrix matrix = input.Matrix;
        if (matrix.Classes.Length < 3 || matrix.Errors < LeastSupport)
        {
            yield break;
        }

        ClassCell[] cells = matrix.Cells;
        List<int> often = [];
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i].Label != cells[i].Prediction && cells[i].Count >= DominantShare * matrix.Errors)
            {
                often.Add(i);
            }
        }

        often.Sort((a, b) => cells[a].Count != cells[b].Count ? cells[b].Count.CompareTo(cells[a].Count) : a.CompareTo(b));
        foreach (int place in often)
        {
            ClassCell cell = cells[place];
            double share = (double)cell.Count / matrix.Errors, expected = Expected(matrix, cell) / matrix.Errors;
            if (share < DominantLift * expected)
            {
                continue;
            }

            string label = input.Classes.Names[matrix.Classes[cell.Label]], prediction = input.Classes.Names[matrix.Classes[cell.Prediction]];
            Estimate interval = Intervals.Proportion(cell.Count, matrix.Rows);
            double usual = expected * matrix.Errors / matrix.Rows;
            yield return new Finding(
                "confusion.dominant",
                Severity.Of(interval.Value!.Value - usual, MediumGain, HighGain),
                $"'{label}' taken for '{prediction}': {Evidence.Percent(share)} of all errors",
                Evidence.Of(("label", label), ("pred", prediction), ("count", cell.Count), ("share_of_errors", share), ("expected_share", expected)),
                cell.Count,
                new Estimate(interval.Value.Value - usual, Math.Max(0, interval.Low!.Value - usual), interval.High!.Value - usual),
                $"Compare rows of '{label}' and '{prediction}' side by side: are they told apart in the labels? If so, add training rows near their border.");
        }
    }

    private static double Expected(ConfusionMatrix matrix, ClassCell cell)
    {
        double missed = matrix.Support[cell.Label] - matrix.Hits[cell.Label] - cell.Count;
        double wrongly = matrix.Predicted[cell.Prediction] - matrix.Hits[cell.Prediction] - cell.Count;
        double elsewhere = matrix.Errors - cell.Count - missed - wrongly, classes = matrix.Classes.Length;
        return elsewhere > 0 ? missed * wrongly / elsewhere : matrix.Errors / (classes * (classes - 1));
    }

    /// <summary>Classes with enough rows that meet a condition, by rows lost against the accuracy of all rows.</summary>
    private static IEnumerable<Lacking> Worst(FindingInput input, Func<int, Estimate, bool> condition)
    {
        ConfusionMatrix matrix = input.Matrix;
        List<Lacking> worst = [];
        for (int k = 0; k < matrix.Classes.Length; k++)
        {
            Estimate recall = Intervals.Proportion(matrix.Hits[k], matrix.Support[k]);
            if (matrix.Support[k] >= LeastSupport && condition(k, recall))
            {
                worst.Add(new Lacking(k, input.Classes.Names[matrix.Classes[k]], matrix.Support[k], matrix.Predicted[k], recall, matrix.Support[k] * (input.Accuracy - recall.Value!.Value)));
            }
        }

        worst.Sort((a, b) => a.Lost != b.Lost ? b.Lost.CompareTo(a.Lost) : a.Index.CompareTo(b.Index));
        return worst.Take(Most);
    }

    private static Finding Describe(FindingInput input, Lacking c, string code, string title, string action)
    {
        double share = (double)c.Support / input.Matrix.Rows, recall = c.Recall.Value!.Value;
        Estimate gain = new(
            share * (input.Accuracy - recall), Math.Max(0, share * (input.Accuracy - c.Recall.High!.Value)), share * (input.Accuracy - c.Recall.Low!.Value));
        return new Finding(
            code,
            Severity.Of(gain.Value!.Value, MediumGain, HighGain),
            title,
            Evidence.Of(
                ("class", c.Name),
                ("support", c.Support),
                ("predicted", c.Predicted),
                ("recall", recall),
                ("recall_low", c.Recall.Low),
                ("recall_high", c.Recall.High),
                ("accuracy", input.Accuracy)),
            c.Support,
            gain,
            action);
    }

    private sealed record Lacking(int Index, string Name, long Support, long Predicted, Estimate Recall, double Lost);
}
