using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Engine;

/// <summary>
/// The operations on probability rows from their definitions. Only the order of summation and the elementary functions
/// are the algebra's: eight lanes, added as ((0+4)+(2+6)) + ((1+5)+(3+7)).
/// </summary>
internal static class ReferenceRows
{
    private enum Fault
    {
        None,
        NaN,
        OutOfRange,
    }

    public static void Score(ScoreState state, ScoreBatch batch)
    {
        ScorePlan plan = state.Plan;
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] row = Row(batch.Probabilities, r, plan.ClassCodes.Length);
            int label = ColumnOf(plan.ClassCodes, batch.Label[r]);
            ScoreCell cell = default;
            RowScores scores = batch.Scores;
            scores.ArgMax[r] = -1;
            scores.Confidence[r] = scores.Margin[r] = scores.Entropy[r] = scores.Loss[r] = scores.LabelProbability[r] = double.NaN;
            switch (FaultOf(row))
            {
                case Fault.NaN:
                    cell.NaN = 1;
                    break;
                case Fault.OutOfRange:
                    cell.OutOfRange = 1;
                    break;
                default:
                    int[] order = [.. Enumerable.Range(0, row.Length).OrderByDescending(k => row[k]).ThenBy(k => k)];
                    scores.ArgMax[r] = order[0];
                    scores.Confidence[r] = row[order[0]];
                    scores.Margin[r] = row.Length == 1 ? row[0] : row[order[0]] - row[order[1]];
                    scores.Entropy[r] = Sum(row, (sum, k) => row[k] > 0 ? Math.FusedMultiplyAdd(-row[k], Deterministic.Log(row[k]), sum) : sum);
                    cell.BadSum = Math.Abs(Sum(row, (sum, k) => sum + row[k]) - 1) > 1e-3 ? 1 : 0;
                    if (label < 0)
                    {
                        cell.NoLabel = 1;
                        break;
                    }

                    scores.LabelProbability[r] = row[label];
                    scores.Loss[r] = 0 - Logit(row[label]);
                    double brier = Sum(row, (sum, k) => Math.FusedMultiplyAdd(row[k] - (k == label ? 1 : 0), row[k] - (k == label ? 1 : 0), sum));
                    cell.Scored = 1;
                    cell.Loss = Fixed(scores.Loss[r]);
                    cell.Brier = Fixed(brier);
                    cell.LossSquares = Fixed(scores.Loss[r] * scores.Loss[r] / 16);
                    cell.BrierSquares = Fixed(brier * brier / 16);
                    cell.TopHits = Array.IndexOf(order, label) < plan.TopK ? 1 : 0;
                    break;
            }

            state.Overall.Add(0, cell);
            for (int i = 0; i < batch.Segments.Count; i++)
            {
                state.Segments[i].Add(batch.Segments[i][r], cell);
            }
        }
    }

    public static void Rank(RankState state, RankBatch batch)
    {
        RankPlan plan = state.Plan;
        int classes = plan.ClassCodes.Length;
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] row = Row(batch.Probabilities, r, classes);
            int label = ColumnOf(plan.ClassCodes, batch.Label[r]);
            if (FaultOf(row) != Fault.None || label < 0)
            {
                continue;
            }

            for (int k = 0; k < classes; k++)
            {
                int index = ((batch.Segment?[r] ?? 0) * classes) + k;
                if (index < plan.Partitions.Length && plan.Partitions[index] is { } partition)
                {
                    ulong prefix = partition.Bits == 0 ? 0 : ScoreKey.Of(row[k]) >> (64 - partition.Bits);
                    int slot = (2 * partition.Keys.Count(key => key < prefix)) + (partition.Keys.Contains(prefix) ? 1 : 0);
                    (k == label ? state.Positives : state.Negatives)[index]![slot]++;
                }
            }
        }
    }

    public static void Confident(ConfidentJointState state, ConfidentJointBatch batch)
    {
        ConfidentJointPlan plan = state.Plan;
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] row = Row(batch.Probabilities, r, plan.ClassCodes.Length);
            int label = ColumnOf(plan.ClassCodes, batch.Label[r]);
            if (FaultOf(row) != Fault.None || label < 0)
            {
                continue;
            }

            int[] confident = [.. Enumerable.Range(0, row.Length).Where(k => row[k] >= plan.Least[k])];
            int guess = confident.Length switch { 0 => -1, 1 => confident[0], _ => Array.IndexOf(row, row.Max()) };
            double[] raised = [.. row.Select((p, k) => Math.Clamp(p, 0, 1) + (k == label ? 1e-6 : 0))];
            state.Add(label, guess, Array.IndexOf(raised, raised.Max()) != label);
        }
    }

    public static void Temper(TemperState state, TemperBatch batch)
    {
        TemperPlan plan = state.Plan;
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] row = Row(batch.Probabilities, r, plan.ClassCodes.Length);
            int label = ColumnOf(plan.ClassCodes, batch.Label[r]);
            if (FaultOf(row) != Fault.None || label < 0)
            {
                continue;
            }

            for (int t = 0; t < plan.Betas.Length; t++)
            {
                int code = t == 0 ? 0 : batch.Segments[t - 1][r];
                if (code < plan.Betas[t].Length && !double.IsNaN(plan.Betas[t][code]))
                {
                    (double loss, double gradient, double curvature) = Temper(row, label, plan.Betas[t][code]);
                    TemperCell cell = state.Cells[t][code];
                    state.Cells[t][code] = new TemperCell(
                        cell.Rows + 1, cell.Loss + Fixed(loss / 16), cell.Gradient + Fixed(gradient / 16), cell.Curvature + Fixed(curvature / 16));
                }
            }
        }
    }

    private static (double Loss, double Gradient, double Curvature) Temper(double[] row, int label, double beta)
    {
        double top = Logit(row.Max());
        double[] centred = [.. row.Select(p => Logit(p) - top)];
        double[] weight = [.. centred.Select(c => Deterministic.Exp(beta * c))];
        double total = Sum(row, (sum, k) => sum + weight[k]);
        double mean = Sum(row, (sum, k) => sum + (weight[k] * centred[k])) / total;
        double square = Sum(row, (sum, k) => Math.FusedMultiplyAdd(weight[k] * centred[k], centred[k], sum)) / total;
        return (
            Math.FusedMultiplyAdd(-beta, centred[label], Deterministic.Log(total)),
            mean - centred[label],
            Math.Max(0, Math.FusedMultiplyAdd(-mean, mean, square)));
    }

    private static double Logit(double p) => Deterministic.Log(Math.Clamp(p, Math.Pow(2, -52), 1));

    private static FixedSum Fixed(double value) => default(FixedSum).Add(FixedSum.Quantize(value));

    private static Fault FaultOf(double[] row) => row.Length == 0 || row.Any(double.IsNaN) ? Fault.NaN
        : row.Any(p => p is < -1e-3 or > 1 + 1e-3) ? Fault.OutOfRange : Fault.None;

    private static int ColumnOf(int[] classCodes, int label) => label == Domain.Null ? -1 : Array.IndexOf(classCodes, label);

    private static double[] Row(MatrixColumn matrix, int r, int classes) => matrix.Width == 0 ? []
        : matrix.IsDouble ? matrix.Doubles(r + 1).Slice(r * classes, classes).ToArray()
        : [.. matrix.Floats(r + 1).Slice(r * classes, classes).ToArray().Select(p => (double)p)];

    private static double Sum(double[] row, Func<double, int, double> add)
    {
        double[] lanes = new double[8];
        for (int k = 0; k < row.Length; k++)
        {
            lanes[k % 8] = add(lanes[k % 8], k);
        }

        return lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
    }
}
