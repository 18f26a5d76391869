using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>The ranks of both models' scores, and DeLong's sums of the two together.</summary>
/// <param name="Classes">Classes that both models have.</param>
/// <param name="DeLong">By these.</param>
/// <param name="Macro">Of the means over them.</param>
internal sealed record RankPairStates(RankPair[] Classes, DeLongState DeLong, MacroScale Macro);

/// <summary>A class that both models give scores.</summary>
/// <param name="Code">Its code.</param>
/// <param name="BeforeAt">Its place among BEFORE's probabilities.</param>
/// <param name="AfterAt">Among AFTER's.</param>
/// <param name="Before">BEFORE's figures.</param>
/// <param name="After">AFTER's.</param>
/// <param name="IsExact">All scores of positives were told apart.</param>
internal readonly record struct RankPair(int Code, int BeforeAt, int AfterAt, OneVsRest Before, OneVsRest After, bool IsExact);

/// <summary>
/// Two readings of the rows that both models scored: one counts all scores over the partitions that the positive rows' scores
/// give, one sums DeLong's components, which follow from the counts.
/// </summary>
internal static class RankPairs
{
    public static RankPairStates Run(CompareSide before, CompareSide after, AfterRows rows, Positives[] positives, StageClock clock)
    {
        Domain classes = before.Rows.Columns.Classes;
        RankPlan left = new(classes, before.Rows.ClassCodes, null, positives[0].Partitions()), right = new(classes, after.Rows.ClassCodes, null, positives[1].Partitions());
        RankState leftCounts = new(left), rightCounts = new(right);
        Pass("rank", () => new Counter(before, rows, left, right, leftCounts, rightCounts));
        RankPair[] both = [.. before.Rows.ClassCodes
            .Select((code, k) => (Code: code, Before: k, After: Array.IndexOf(after.Rows.ClassCodes, code)))
            .Where(c => c.After >= 0 && left.Partitions[c.Before] is not null && right.Partitions[c.After] is not null)
            .Select(c => new RankPair(
                c.Code, c.Before, c.After, Figures(left, leftCounts, c.Before), Figures(right, rightCounts, c.After), left.Partitions[c.Before]!.Bits == 64 && right.Partitions[c.After]!.Bits == 64))];
        DeLongState sums = new(both.Length);
        (RankScale, RankScale)[] scales = [.. both.Select(c => (Scale(left, leftCounts, c.BeforeAt, c.Before), Scale(right, rightCounts, c.AfterAt, c.After)))];
        MacroScale macro = new([.. both.Select(c => (Sum(leftCounts.Positives[c.BeforeAt]), Sum(leftCounts.Negatives[c.BeforeAt]), (c.After.RocAuc.Value - c.Before.RocAuc.Value) ?? 0))]);
        Pass("delong", () => new Summer(before, rows, both, scales, macro, sums));
        return new RankPairStates(both, sums, macro);

        void Pass(string stage, Func<Worker> worker)
        {
            ScanPass pass = new(before.Rows.Columns, Needs.Probabilities);
            int rowBytes = pass.RowBytes(before.Rows.ClassCodes.Length);
            clock.Pass(stage, "ranking", before.Data.Rows, done => before.Reader.Run(
                pass.Requests,
                () =>
                {
                    Worker mine = worker();
                    mine.Open(pass.Stages(before.Reader.BatchRows(rowBytes)), before.Reader.BatchRows(rowBytes));
                    return mine;
                },
                rowBytes,
                done));
        }
    }

    private static OneVsRest Figures(RankPlan plan, RankState counts, int k) => OneVsRest.Of(counts.Negatives[k], counts.Positives[k], plan.Partitions[k]!.Bits);

    private static RankScale Scale(RankPlan plan, RankState counts, int k, OneVsRest figures) =>
        new(plan.Partitions[k]!, counts.Negatives[k], counts.Positives[k], figures.AveragePrecision.Value ?? 0);

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>One thread: BEFORE's probabilities from the data, AFTER's and the settled labels from what was noted.</summary>
    private abstract class Worker(CompareSide side, AfterRows rows) : IBatchWorker
    {
        private ScanStages stages = null!;

        protected MatrixColumn After { get; } = new();

        protected int[] Labels { get; private set; } = [];

        protected CompareSide Side { get; } = side;

        public void Open(ScanStages opened, int capacity)
        {
            stages = opened;
            Labels = new int[capacity];
        }

        public void Accept(Batch batch)
        {
            MatrixColumn before = stages.Probabilities!.Take(batch, Side.Rows.ClassCodes.Length);
            rows.Borrow(After, batch.FirstRow);
            ReadOnlySpan<int> settled = rows.Labels(batch.FirstRow, batch.Rows);
            for (int i = 0; i < batch.Rows; i++)
            {
                Labels[i] = Math.Max(0, settled[i]);
            }

            Accept(batch.Rows, before);
        }

        public abstract void Finish();

        public virtual void Dispose()
        {
            stages.Dispose();
            After.Dispose();
        }

        protected abstract void Accept(int count, MatrixColumn before);
    }

    private sealed class Counter(CompareSide side, AfterRows rows, RankPlan left, RankPlan right, RankState leftTotal, RankState rightTotal) : Worker(side, rows)
    {
        private readonly IFold<RankBatch, RankState> leftFold = side.Rows.Backend.Rank(left), rightFold = side.Rows.Backend.Rank(right);
        private CodeColumn? label;

        public override void Finish()
        {
            RankState counted = leftFold.Take(), other = rightFold.Take();
            lock (leftTotal)
            {
                leftTotal.Merge(counted);
                rightTotal.Merge(other);
            }
        }

        public override void Dispose()
        {
            leftFold.Dispose();
            rightFold.Dispose();
            label?.Dispose();
            base.Dispose();
        }

        protected override void Accept(int count, MatrixColumn before)
        {
            label ??= new CodeColumn(Side.Rows.Columns.Classes, Labels.Length);
            CodeNarrowing.Fill(label, Labels.AsSpan(0, count));
            leftFold.Accept(new RankBatch(count, before, label, null));
            rightFold.Accept(new RankBatch(count, After, label, null));
        }
    }

    private sealed class Summer(CompareSide side, AfterRows rows, RankPair[] classes, (RankScale Before, RankScale After)[] scales, MacroScale macro, DeLongState total) : Worker(side, rows)
    {
        private readonly DeLongState mine = new(classes.Length);
        private long[] auc = [], average = [];

        public override void Finish()
        {
            lock (total)
            {
                total.Merge(mine);
            }
        }

        protected override void Accept(int count, MatrixColumn before)
        {
            if (auc.Length < count)
            {
                (auc, average) = (new long[Labels.Length], new long[Labels.Length]);
            }

            Array.Clear(auc);
            Array.Clear(average);
            for (int c = 0; c < classes.Length; c++)
            {
                Add(c, count, before);
            }

            for (int i = 0; i < count; i++)
            {
                if (Labels[i] != Domain.Null)
                {
                    mine.Rows++;
                    mine.MacroAuc = mine.MacroAuc.With(auc[i]);
                    mine.MacroAverage = mine.MacroAverage.With(average[i]);
                }
            }
        }

        private void Add(int c, int count, MatrixColumn before)
        {
            (int code, int left, int right) = (classes[c].Code, classes[c].BeforeAt, classes[c].AfterAt);
            (RankScale beforeScale, RankScale afterScale) = scales[c];
            ref PairedRanks positives = ref mine.Positives[c], negatives = ref mine.Negatives[c];
            for (int i = 0; i < count; i++)
            {
                if (Labels[i] == Domain.Null)
                {
                    continue;
                }

                double from = At(before, i, left), to = At(After, i, right);
                if (Labels[i] == code)
                {
                    ((long rank, long influence), (long then, long next)) = (beforeScale.OfPositive(from), afterScale.OfPositive(to));
                    positives.Add(rank, then, next - influence);
                    auc[i] += macro.OfPositive(c, then - rank);
                    average[i] += macro.OfAverage(c, next - influence);
                }
                else
                {
                    ((long rank, long influence), (long then, long next)) = (beforeScale.OfNegative(from), afterScale.OfNegative(to));
                    negatives.Add(rank, then, next - influence);
                    auc[i] += macro.OfNegative(c, then - rank);
                    average[i] += macro.OfAverage(c, next - influence);
                }
            }
        }

        private static unsafe double At(MatrixColumn matrix, int row, int k)
        {
            nint place = ((nint)row * matrix.Width) + k;
            return matrix.IsDouble ? ((double*)matrix.Pointer)[place] : ((float*)matrix.Pointer)[place];
        }
    }
}
