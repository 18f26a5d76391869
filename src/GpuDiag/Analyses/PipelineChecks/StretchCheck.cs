using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Whether one stretch of rows is far from the others, in accuracy or in its mix of labels: files, and up to 64 equal
/// stretches by row number, which do not depend on files. If rows lay in random order the right rows of a stretch, and
/// those of each label, would be hypergeometric: exact tests, one-sided for accuracy, two-sided for labels, half of the
/// false-alarm rate each, Bonferroni over stretches, and classes. Far: accuracy 0.1 below what the others have on the same
/// mix of labels; or 0.3 of the labels would have to change.
/// </summary>
internal static class StretchCheck
{
    public const string FilesCode = "file", RowsCode = "row_range";

    private const string FilesStatistic = "files far from the others";

    public const double FalseAlarmRate = 1e-3;

    /// <summary>A stretch explains its errors only where it lost at least a third of the accuracy expected: as where a join failed, not where rows are merely harder.</summary>
    private const int LostPart = 3;

    private const double LeastGap = 0.1, LeastMix = 0.3, MostMixed = 0.25;

    private const int MostParts = 64, LeastRows = 50, Listed = 100;

    /// <summary>Each file against the others.</summary>
    public static PipelineCheck Files(CheckInput input)
    {
        RowSequence rows = input.Facts.Sequence;
        if (input.Facts.Files.Count < 2)
        {
            return new PipelineCheck(FilesCode, PipelineCheck.Passing) { Statistic = FilesStatistic, Value = 0, FalseAlarmRate = FalseAlarmRate };
        }

        Stretch[] files = [.. input.Facts.Files.Select(f => new Stretch(f.Path, f.FirstRow, f.FirstRow + f.Rows))];
        PipelineCheck check = Run(FilesCode, input, files, rows);

        // Figures only where a file is at fault: else they would say nothing but how the rows are cut into files.
        // Nor does it explain single rows: the stretches by row number do, the same for every cut.
        return check.Status == PipelineCheck.Failing
            ? check with { Explains = null }
            : new PipelineCheck(FilesCode, PipelineCheck.Passing) { Statistic = FilesStatistic, Value = 0, FalseAlarmRate = FalseAlarmRate };
    }

    /// <summary>Each of up to 64 equal stretches of rows against the others.</summary>
    public static PipelineCheck Rows(CheckInput input)
    {
        RowSequence rows = input.Facts.Sequence;
        int parts = Math.Clamp(rows.Held / LeastRows, 1, MostParts);
        long Start(int part) => part == parts ? rows.Rows : rows.RowOf((int)((long)part * rows.Held / parts));
        return parts < 2
            ? PipelineCheck.NotApplicable(RowsCode, $"there are fewer than {2 * LeastRows} rows")
            : Run(RowsCode, input, Parts(), rows);

        Stretch[] Parts()
        {
            Stretch[] stretches = new Stretch[parts];
            for (int i = 0; i < parts; i++)
            {
                stretches[i] = new Stretch(null, Start(i), Start(i + 1));
            }

            return stretches;
        }
    }

    private static PipelineCheck Run(string code, CheckInput input, Stretch[] stretches, RowSequence rows)
    {
        int classes = input.Matrix.Classes.Length;
        StretchTally total = StretchTally.Of(rows, 0, rows.Rows);
        StretchTally[] tallies = Array.ConvertAll(stretches, s => StretchTally.Of(rows, s.From, s.To));
        int tested = Math.Max(1, Array.FindAll(tallies, t => t.Rows >= LeastRows && t.Rows < total.Rows).Length);
        List<Fault> faults = [];
        double least = 1, widest = 0;
        for (int i = 0; i < tallies.Length; i++)
        {
            StretchTally tally = tallies[i];
            if (tally.Rows < LeastRows || tally.Rows == total.Rows)
            {
                continue;
            }

            double gap = tally.Gap(total), mix = tally.Mix(total);
            double accuracy = gap < LeastGap ? 1 : Math.Min(1, 2.0 * tested * Hypergeometric.Cdf(tally.Correct, total.Correct, total.Rows - total.Correct, tally.Rows));
            double labels = mix < LeastMix ? 1 : Math.Min(1, 2.0 * tested * classes * tally.LeastLabelP(total));
            bool low = accuracy <= FalseAlarmRate, mixed = labels <= FalseAlarmRate;
            least = Math.Min(least, Math.Min(accuracy, labels));
            widest = Math.Max(widest, gap);
            if (low || mixed)
            {
                faults.Add(new Fault(stretches[i], tally, gap, mix, low, Math.Min(low ? accuracy : 1, mixed ? labels : 1)));
            }
        }

        // Where many stretches have a mix of labels of their own, the rows are stored by class: no stretch is at fault.
        if (faults.FindAll(f => !f.Low).Count > MostMixed * tested)
        {
            faults.RemoveAll(f => !f.Low);
            least = 1;
            faults.ForEach(f => least = Math.Min(least, f.P));
        }

        PipelineCheck check = new(code, faults.Count > 0 ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = code == FilesCode ? FilesStatistic : "most accuracy that a stretch of rows lacks on its mix of labels",
            Value = code == FilesCode ? faults.Count : widest,
            PValue = least,
            FalseAlarmRate = FalseAlarmRate,
        };
        return faults.Count == 0 ? check : Describe(check, [.. faults.OrderByDescending(f => f.Low).ThenBy(f => f.P).ThenBy(f => f.Stretch.From)], total);
    }

    private static PipelineCheck Describe(PipelineCheck check, Fault[] faults, StretchTally total)
    {
        Fault worst = faults[0];
        StretchTally others = StretchTally.Without(total, worst.Tally);
        Stretch[] explained = [.. faults.Where(f => f.Low && f.Gap * LostPart >= f.Gap + f.Tally.Accuracy).Select(f => f.Stretch)];
        return check with
        {
            Rows = faults.Sum(f => f.Stretch.To - f.Stretch.From),
            Evidence = Evidence.Of([
                ("file", worst.Stretch.File),
                ("first_row", worst.Stretch.From),
                ("last_row", worst.Stretch.To - 1),
                ("accuracy", worst.Tally.Accuracy),
                ("accuracy_elsewhere", others.Accuracy),
                ("accuracy_lacking", worst.Gap),
                ("labels_differing", worst.Mix),
                ("stretches", (long)faults.Length),
                .. faults.Skip(1).Take(Listed).Select((f, i) => ($"also_{i + 1}", (object?)$"{(f.Stretch.File is { } file ? file + " " : "")}rows {f.Stretch.From} to {f.Stretch.To - 1}"))]),
            Explains = explained.Length == 0 ? null : (row, _, _) => explained.Any(s => row >= s.From && row < s.To),
        };
    }

    private sealed record Stretch(string? File, long From, long To);

    private sealed record Fault(Stretch Stretch, StretchTally Tally, double Gap, double Mix, bool Low, double P);
}
