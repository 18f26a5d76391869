using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Scan;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Analyses;

/// <summary>The states of rows in memory, counted one by one straight from the definitions.</summary>
internal static class RowStates
{
    public static FinishInput Input(PredictionRows rows)
    {
        bool probabilities = rows.Probabilities.Count > 0;
        ScoreState? scores = probabilities ? Scores(rows) : null;
        return new FinishInput
        {
            Counts = Counts(rows),
            Scores = scores,
            Rank = probabilities ? Rank(rows, null) : null,
            SegmentRanks = probabilities ? [.. Enumerable.Range(0, rows.Segments.Count).Select(s => Rank(rows, s))] : [],
            Temperatures = scores is null ? null : Fit(rows, scores),
            ClassOrder = rows.ClassCodes,
            Threads = 2,
        };
    }

    public static CountState Counts(PredictionRows rows)
    {
        CountState state = new(new CountPlan(rows.Classes, rows.Segments, rows.Confidences.Count > 0));
        for (int r = 0; r < rows.Labels.Count; r++)
        {
            int label = rows.Labels[r], prediction = rows.Predictions[r];
            state.Overall.Add(0, label, prediction, 1);
            for (int s = 0; s < rows.Segments.Count; s++)
            {
                state.Segments[s].Add(rows.SegmentCodes[r][s], label, prediction, 1);
            }

            if (rows.Confidences.Count > 0)
            {
                double c = rows.Confidences[r];
                int bin = Math.Clamp((int)Math.Ceiling(15 * c) - 1, 0, 14);
                CalibrationCell cell = new(1, label == prediction ? 1 : 0, FixedSum.FromConfidences((ulong)Confidence.Quantize(c)));
                state.Overall.AddCalibration(0, bin, cell);
                for (int s = 0; s < rows.Segments.Count; s++)
                {
                    state.Segments[s].AddCalibration(rows.SegmentCodes[r][s], bin, cell);
                }
            }
        }

        return state;
    }

    private static ScoreState Scores(PredictionRows rows)
    {
        ScoreState state = new(new ScorePlan(rows.Classes, rows.ClassCodes, rows.Segments));
        for (int r = 0; r < rows.Labels.Count; r++)
        {
            double[] p = rows.Probabilities[r];
            int y = Array.IndexOf(rows.ClassCodes, rows.Labels[r]);
            double loss = LogLoss.Of(p[y]), brier = p.Select((v, k) => (v - (k == y ? 1 : 0)) * (v - (k == y ? 1 : 0))).Sum();
            int rank = p.Where((v, k) => v > p[y] || (v == p[y] && k < y)).Count();
            ScoreCell cell = new(1, Sum(loss), Sum(brier), rank < 5 ? 1 : 0, 0, 0, 0, 0, Sum(loss * loss / 16), Sum(brier * brier / 16));
            state.Overall.Add(0, cell);
            for (int s = 0; s < rows.Segments.Count; s++)
            {
                state.Segments[s].Add(rows.SegmentCodes[r][s], cell);
            }
        }

        return state;
    }

    /// <summary>Exact: the keys are the positives' scores.</summary>
    private static RankState Rank(PredictionRows rows, int? segmentation)
    {
        int classes = rows.ClassCodes.Length, segments = segmentation is int i ? rows.Segments[i].Count : 1;
        int Segment(int r) => segmentation is int s ? rows.SegmentCodes[r][s] : 0;
        ScorePartition?[] partitions = new ScorePartition?[segments * classes];
        for (int p = 0; p < partitions.Length; p++)
        {
            int segment = p / classes, k = p % classes;
            ulong[] keys = [.. Enumerable.Range(0, rows.Labels.Count)
                .Where(r => Segment(r) == segment && rows.Labels[r] == rows.ClassCodes[k])
                .Select(r => ScoreKey.Of(rows.Probabilities[r][k])).Distinct().Order()];
            partitions[p] = keys.Length > 0 ? new ScorePartition(keys, 64) : null;
        }

        RankState state = new(new RankPlan(rows.Classes, rows.ClassCodes, segmentation is int n ? rows.Segments[n] : null, partitions));
        for (int r = 0; r < rows.Labels.Count; r++)
        {
            for (int k = 0; k < classes; k++)
            {
                int p = (Segment(r) * classes) + k;
                if (partitions[p] is { } partition)
                {
                    int at = Array.BinarySearch(partition.Keys, ScoreKey.Of(rows.Probabilities[r][k]));
                    (rows.Labels[r] == rows.ClassCodes[k] ? state.Positives : state.Negatives)[p]![at >= 0 ? (2 * at) + 1 : 2 * ~at]++;
                }
            }
        }

        return state;
    }

    private static TemperatureFit Fit(PredictionRows rows, ScoreState scores)
    {
        TemperatureFit fit = new(scores, 2);
        while (fit.NextPlan() is { } plan)
        {
            TemperState state = new(plan);
            for (int r = 0; r < rows.Labels.Count; r++)
            {
                Add(state, 0, 0, rows, r);
                for (int s = 0; s < rows.Segments.Count; s++)
                {
                    Add(state, 1 + s, rows.SegmentCodes[r][s], rows, r);
                }
            }

            fit.Accept(state);
        }

        return fit;
    }

    private static unsafe void Add(TemperState state, int table, int code, PredictionRows rows, int r)
    {
        double beta = state.Plan.Betas[table][code];
        if (double.IsNaN(beta))
        {
            return;
        }

        double[] p = rows.Probabilities[r];
        fixed (double* values = p)
        {
            Temper row = Temper.Of(new DoubleRow(values), p.Length, Array.IndexOf(rows.ClassCodes, rows.Labels[r]), p.Max(), beta);
            ref TemperCell cell = ref state.Cells[table][code];
            cell = new TemperCell(
                cell.Rows + 1,
                cell.Loss + Sum(row.Loss * Temper.Scale),
                cell.Gradient + Sum(row.Gradient * Temper.Scale),
                cell.Curvature + Sum(row.Curvature * Temper.Scale));
        }
    }

    private static FixedSum Sum(double value) => new(FixedSum.Quantize(value));
}
