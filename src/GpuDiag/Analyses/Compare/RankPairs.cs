using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>The ranks of both models' scores, and DeLong's sums of the two together.</summary>
/// <param name="Before">Counts on BEFORE's partition.</param>
/// <param name="After">On AFTER's.</param>
/// <param name="DeLong">By the classes of <paramref name="Classes"/>.</param>
/// <param name="Classes">Codes of classes that both have, with their columns.</param>
internal sealed record RankPairStates(RankState Before, RankState After, DeLongState DeLong, (int Code, int Before, int After)[] Classes);

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
        (int Code, int Before, int After)[] both = [.. before.Rows.ClassCodes
            .Select((code, k) => (code, k, Array.IndexOf(after.Rows.ClassCodes, code)))
            .Where(c => c.Item3 >= 0 && left.Partitions[c.k] is not null && right.Partitions[c.Item3] is not null)];
        DeLongState sums = new(both.Length);
        (RankScale, RankScale)[] scales = [.. both.Select(c => (Scale(left, leftCounts, c.Before), Scale(right, rightCounts, c.After)))];
        Pass("delong", () => new Summer(before, rows, both, scales, sums));
        return new RankPairStates(leftCounts, rightCounts, sums, both);

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

    private static RankScale Scale(RankPlan plan, RankState counts, int k) => new(plan.Partitions[k]!, counts.Negatives[k], counts.Positives[k]);

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

    private sealed class Summer(CompareSide side, AfterRows rows, (int Code, int Before, int After)[] classes, (RankScale Before, RankScale After)[] scales, DeLongState total) : Worker(side, rows)
    {
        private readonly DeLongState mine = new(classes.Length);

        public override void Finish()
        {
            lock (total)
            {
                total.Merge(mine);
            }
        }

        protected override void Accept(int count, MatrixColumn before)
        {
            for (int c = 0; c < classes.Length; c++)
            {
                (int code, int left, int right) = classes[c];
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
                        positives.Add(beforeScale.OfPositive(from), afterScale.OfPositive(to));
                    }
                    else
                    {
                        negatives.Add(beforeScale.OfNegative(from), afterScale.OfNegative(to));
                    }
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
