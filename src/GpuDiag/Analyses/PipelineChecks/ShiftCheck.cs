using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Whether labels stand k rows from the predictions they belong to, in all rows or from some row on. For k = ±1 … ±8, the
/// rows i whose ⌊i/|k|⌋ is even are asked whether the label at i or the one at i + k is the prediction's: pairs that share no
/// label. Were labels exchangeable, or the one at i the likelier (as for any model that is better than none), the rows that
/// only the shift gets right would be at most a fair coin's: the exact binomial test, over all rows and over up to 64
/// stretches, Bonferroni over shifts and stretches. The shift must also agree 0.1 better than labels and predictions drawn
/// apart would: predictions that avoid their own labels (a wrong map of classes) agree better with any other row's.
/// </summary>
internal static class ShiftCheck
{
    public const string Code = "shifted_labels";

    public const double FalseAlarmRate = 1e-3;

    private const int Most = 8, MostParts = 64, LeastPartRows = 100, LeastRows = 30;

    /// <summary>Least agreement gained: below it an order of the rows (time, source) may do as much.</summary>
    private const double LeastGain = 0.1;

    public static PipelineCheck Run(CheckInput input)
    {
        RowSequence rows = input.Facts.Sequence;
        if (rows.Held < LeastRows)
        {
            return PipelineCheck.NotApplicable(Code, $"there are fewer than {LeastRows} rows");
        }

        int parts = Math.Clamp(rows.Held / LeastPartRows, 1, MostParts);
        int[] shifts = new int[2 * Most];
        for (int k = 1; k <= Most; k++)
        {
            (shifts[2 * (k - 1)], shifts[(2 * k) - 1]) = (k, -k);
        }

        Part[][] counted = new Part[shifts.Length][];
        Parallel.For(0, shifts.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, input.Threads) }, s => counted[s] = Count(rows, shifts[s], parts));
        Rule rule = new(shifts.Length * (parts + 1), Chance(input.Matrix));

        // Of all shifts the one that gains most rows where it surely gains any.
        int best = -1;
        long most = 0;
        double least = 1, gain = double.NegativeInfinity;
        for (int s = 0; s < shifts.Length; s++)
        {
            Part whole = Part.Sum(counted[s]);
            gain = Math.Max(gain, whole.Gain);
            foreach (Part part in (Part[])[.. counted[s], whole])
            {
                double p = rule.PValue(part);
                least = Math.Min(least, p);
                (best, most) = p <= FalseAlarmRate && part.Won > most ? (s, part.Won) : (best, most);
            }
        }

        PipelineCheck check = new(Code, best < 0 ? PipelineCheck.Passing : PipelineCheck.Failing)
        {
            Statistic = "agreement of predictions with the labels of shifted rows, less that with their own",
            Value = gain,
            PValue = least,
            FalseAlarmRate = FalseAlarmRate,
        };
        return best < 0 ? check : Describe(check, input, shifts[best], counted[best], rule);
    }

    /// <summary>The agreement of labels and predictions that were drawn apart.</summary>
    private static double Chance(ConfusionMatrix matrix)
    {
        double chance = 0;
        for (int k = 0; k < matrix.Support.Length; k++)
        {
            chance += (double)matrix.Support[k] / matrix.Rows * matrix.Predicted[k] / matrix.Rows;
        }

        return chance;
    }

    private static PipelineCheck Describe(PipelineCheck check, CheckInput input, int shift, Part[] parts, Rule rule)
    {
        RowSequence rows = input.Facts.Sequence;
        Part whole = Part.Sum(parts);
        int first = 0, last = parts.Length - 1;
        if (Array.Exists(parts, rule.IsSure))
        {
            first = Array.FindIndex(parts, rule.IsSure);
            last = Array.FindLastIndex(parts, rule.IsSure);
        }

        // A part that is too short to be sure by itself is in when it points the same way.
        while (first > 0 && parts[first - 1].Won > 0)
        {
            first--;
        }

        while (last < parts.Length - 1 && parts[last + 1].Won > 0)
        {
            last++;
        }

        long from = first == 0 ? 0 : rows.RowOf(StartOf(first, rows, parts.Length));
        long to = last == parts.Length - 1 ? rows.Rows : rows.RowOf(StartOf(last + 1, rows, parts.Length));
        (long agree, long compared) = Agreement(rows, shift, from, to);
        return check with
        {
            Value = whole.Gain,
            Rows = to - from,
            AccuracyIfFixed = from == 0 && to == rows.Rows ? Intervals.Proportion(agree, compared) : Estimate.Undefined,
            Evidence = Evidence.Of(
                ("shift", (long)shift),
                ("first_row", from),
                ("last_row", to - 1),
                ("agreement", (double)Agreement(rows, 0, from, to).Agree / Math.Max(1, Agreement(rows, 0, from, to).Compared)),
                ("agreement_shifted", (double)agree / Math.Max(1, compared))),
            Explains = (row, _, prediction) =>
                row >= from && row < to && (rows.Find(row + shift) is >= 0 and var held ? rows.Labels[held] == prediction : !rows.IsComplete),
        };
    }

    private static Part[] Count(RowSequence rows, int shift, int parts)
    {
        ReadOnlySpan<int> labels = rows.Labels, predictions = rows.Predictions;
        Part[] counted = new Part[parts];
        for (int part = 0; part < parts; part++)
        {
            int end = StartOf(part + 1, rows, parts);
            ShiftedPairs sum = default;
            for (int held = StartOf(part, rows, parts); held < end;)
            {
                (int runStart, int runEnd) = rows.Run(held);
                int stop = Math.Min(end, runEnd), from = Math.Max(held, runStart - shift), to = Math.Min(stop, runEnd - shift);
                sum += ShiftedPairs.Count(labels, predictions, from, to, rows.RowOf(held) - held, shift);
                held = stop;
            }

            counted[part] = new Part(sum);
        }

        return counted;
    }

    private static (long Agree, long Compared) Agreement(RowSequence rows, int shift, long from, long to)
    {
        long agree = 0, compared = 0;
        for (int held = rows.FirstFrom(from), end = rows.FirstFrom(to); held < end; held++)
        {
            int other = rows.Find(rows.RowOf(held) + shift);
            if (other >= 0 && rows.Labels[other] != Domain.Null && rows.Predictions[held] != Domain.Null)
            {
                compared++;
                agree += rows.Labels[other] == rows.Predictions[held] ? 1 : 0;
            }
        }

        return (agree, compared);
    }

    private static int StartOf(int part, RowSequence rows, int parts) => (int)((long)part * rows.Held / parts);

    /// <summary>When a shift is one.</summary>
    private sealed record Rule(int Tests, double Chance)
    {
        public bool IsSure(Part part) => PValue(part) <= FalseAlarmRate;

        /// <summary>Corrected; 1 where too little is gained.</summary>
        public double PValue(Part part) =>
            part.Gain >= LeastGain && part.Agreement >= Chance + LeastGain ? Math.Min(1, part.PValue * Tests) : 1;
    }

    /// <summary>The pairs of a stretch.</summary>
    private sealed record Part(ShiftedPairs Counts)
    {
        public double Gain => Counts.Pairs == 0 ? 0 : (double)Won / Counts.Pairs;

        /// <summary>Pairs that the shift gets right, less those that the rows' own places do.</summary>
        public long Won => Counts.Shifted - Counts.Own;

        /// <summary>Of predictions with labels that are shifted.</summary>
        public double Agreement => Counts.Pairs == 0 ? 0 : (double)(Counts.Shifted + Counts.Both) / Counts.Pairs;

        public double PValue => Binomial.Sf(Counts.Shifted - 1, Counts.Shifted + Counts.Own, 0.5);

        public static Part Sum(Part[] parts)
        {
            ShiftedPairs sum = default;
            foreach (Part part in parts)
            {
                sum += part.Counts;
            }

            return new Part(sum);
        }
    }
}
