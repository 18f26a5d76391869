using System.Runtime.CompilerServices;
using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// Two readings of the rows that both models scored: one counts all scores over the partitions that the positive rows' scores
/// give, one sums DeLong's components, which follow from the counts. Of all rows, and of the segments that were asked for.
/// </summary>
internal static class RankPairs
{
    /// <summary>Segmentations that are ranked at most, segments × classes of one, and scores told apart in each of these: some 100 MB for each.</summary>
    private const int MostSegmentations = 8, MostGroups = 512, MostScores = 1024;

    /// <summary>The numbers of BEFORE's segmentations that were asked for: to rank costs as much again for each.</summary>
    public static int[] Asked(CompareSide before) =>
        [.. Enumerable.Range(0, before.Roles.Segments.Count).Where(s => !before.Roles.Segments[s].Found).Take(MostSegmentations)];

    /// <summary>Where scores of positives go: of all rows by BEFORE, by AFTER, then of each segmentation.</summary>
    public static Positives[] NewPositives(CompareSide before, CompareSide after, int[] segmentations)
    {
        return [.. All(before), .. segmentations.SelectMany(_ => Part(before))];

        Positives[] All(CompareSide side) => [Whole(side), Whole(after)];
        Positives[] Part(CompareSide side) => [new(side.Rows.ClassCodes.Length, MostScores, MostGroups), new(after.Rows.ClassCodes.Length, MostScores, MostGroups)];
        static Positives Whole(CompareSide side) => new(side.Rows.ClassCodes.Length, Math.Clamp(ScanPlan.RankCapacity / side.Rows.ClassCodes.Length, 256, 1 << 20), int.MaxValue);
    }

    /// <returns>All rows first, then the segmentations that were asked for and are of few enough segments.</returns>
    public static RankTable[] Run(CompareSide before, CompareSide after, AfterRows rows, Positives[] positives, int[] segmentations, Rounds rounds, StageClock clock)
    {
        int classes = Math.Max(before.Rows.ClassCodes.Length, after.Rows.ClassCodes.Length);
        RankTable[] tables =
        [
            new RankTable(before, after, -1, positives[0], positives[1]),
            .. segmentations
                .Select((s, i) => (Segmentation: s, Left: positives[2 + (2 * i)], Right: positives[3 + (2 * i)], Domain: before.Rows.Columns.Segments[s]))
                .Where(s => !s.Domain.Overflowed && (long)s.Domain.Count * classes <= MostGroups)
                .Select(s => new RankTable(before, after, s.Segmentation, s.Left, s.Right)),
        ];
        RankState[] counts = [.. tables.SelectMany(t => (RankState[])[t.BeforeCounts, t.AfterCounts])];
        Pass("rank", () => new Counter(before, rows, tables), writer => Array.ForEach(counts, c => RankStateFile.Save(writer, c)), reader => Array.ForEach(counts, c => RankStateFile.Load(reader, c)));
        foreach (RankTable table in tables)
        {
            table.Settle();
        }

        DeLongState[] sums = [.. tables.SelectMany(t => t.Sums)];
        Pass("delong", () => new Summer(before, rows, tables), writer => Array.ForEach(sums, s => s.Write(writer)), reader => Array.ForEach(sums, s => s.Load(reader)));
        return tables;

        void Pass(string stage, Func<Worker> worker, Action<BinaryWriter> save, Action<BinaryReader> load)
        {
            ScanPass pass = new(before.Rows.Columns, Needs.Probabilities | (tables.Length > 1 ? Needs.Segments : 0));
            int rowBytes = pass.RowBytes(before.Rows.ClassCodes.Length);
            rounds.Pass(
                new RoundPass(stage),
                before.Reader,
                some => clock.Pass(stage, "ranking", before.Data.Rows, done => some.Run(
                    pass.Requests,
                    () =>
                    {
                        Worker mine = worker();
                        mine.Open(pass.Stages(some.BatchRows(rowBytes)), some.BatchRows(rowBytes));
                        return mine;
                    },
                    rowBytes,
                    done)),
                save,
                load);
        }
    }

    /// <summary>One thread: BEFORE's probabilities from the data, AFTER's and the settled labels from what was noted.</summary>
    private abstract class Worker(CompareSide side, AfterRows rows, RankTable[] tables) : IBatchWorker
    {
        private readonly CodeColumn?[] segments = new CodeColumn?[tables.Length];
        private ScanStages stages = null!;

        protected RankTable[] Tables { get; } = tables;

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

            for (int t = 0; t < Tables.Length; t++)
            {
                segments[t] = Tables[t].Segmentation < 0 ? null : stages.Segments[Tables[t].Segmentation].Take(batch);
            }

            Accept(batch.Rows, before, segments);
        }

        public abstract void Finish();

        public virtual void Dispose()
        {
            stages.Dispose();
            After.Dispose();
        }

        /// <param name="count">Rows.</param>
        /// <param name="before">BEFORE's probabilities.</param>
        /// <param name="codes">Per table the segment of each row; null for all rows.</param>
        protected abstract void Accept(int count, MatrixColumn before, CodeColumn?[] codes);
    }

    private sealed class Counter(CompareSide side, AfterRows rows, RankTable[] tables) : Worker(side, rows, tables)
    {
        private readonly (IFold<RankBatch, RankState> Before, IFold<RankBatch, RankState> After)[] folds = [.. tables.Select(t => (side.Rows.Backend.Rank(t.Before), side.Rows.Backend.Rank(t.After)))];
        private CodeColumn? label;

        public override void Finish()
        {
            for (int t = 0; t < Tables.Length; t++)
            {
                RankState counted = folds[t].Before.Take(), other = folds[t].After.Take();
                lock (Tables)
                {
                    Tables[t].BeforeCounts.Merge(counted);
                    Tables[t].AfterCounts.Merge(other);
                }
            }
        }

        public override void Dispose()
        {
            foreach ((IFold<RankBatch, RankState> left, IFold<RankBatch, RankState> right) in folds)
            {
                left.Dispose();
                right.Dispose();
            }

            label?.Dispose();
            base.Dispose();
        }

        protected override void Accept(int count, MatrixColumn before, CodeColumn?[] codes)
        {
            label ??= new CodeColumn(Side.Rows.Columns.Classes, Labels.Length);
            CodeNarrowing.Fill(label, Labels.AsSpan(0, count));
            for (int t = 0; t < folds.Length; t++)
            {
                folds[t].Before.Accept(new RankBatch(count, before, label, codes[t]));
                folds[t].After.Accept(new RankBatch(count, After, label, codes[t]));
            }
        }
    }

    private sealed class Summer(CompareSide side, AfterRows rows, RankTable[] tables) : Worker(side, rows, tables)
    {
        private readonly DeLongState[][] sums = [.. tables.Select(t => t.NewSums())];
        private long[] auc = [], average = [];
        private int[] cells = [];

        public override void Finish()
        {
            lock (Tables)
            {
                for (int t = 0; t < Tables.Length; t++)
                {
                    for (int segment = 0; segment < sums[t].Length; segment++)
                    {
                        Tables[t].Sums[segment].Merge(sums[t][segment]);
                    }
                }
            }
        }

        protected override void Accept(int count, MatrixColumn before, CodeColumn?[] codes)
        {
            if (auc.Length < count)
            {
                (auc, average, cells) = (new long[Labels.Length], new long[Labels.Length], new int[Labels.Length]);
            }

            for (int t = 0; t < Tables.Length; t++)
            {
                Array.Clear(auc);
                Array.Clear(average);
                for (int i = 0; i < count && codes[t] is { } segment; i++)
                {
                    cells[i] = segment[i];
                }

                for (int c = 0; c < Tables[t].Classes.Length; c++)
                {
                    Add(Tables[t], sums[t], c, count, before);
                }

                for (int i = 0; i < count; i++)
                {
                    if (Labels[i] != Domain.Null)
                    {
                        DeLongState sum = sums[t][cells[i]];
                        sum.Rows++;
                        sum.MacroAuc = sum.MacroAuc.With(auc[i]);
                        sum.MacroAverage = sum.MacroAverage.With(average[i]);
                    }
                }

                Array.Clear(cells);
            }
        }

        private void Add(RankTable table, DeLongState[] into, int c, int count, MatrixColumn before)
        {
            if (table.Segments == 1)
            {
                if (table.Scales[c] is { } all)
                {
                    ref PairedRanks positives = ref into[0].Positives[c], negatives = ref into[0].Negatives[c];
                    for (int i = 0; i < count; i++)
                    {
                        Add(all.Before, all.After, table.Macro[0], table.Classes[c], c, i, before, ref positives, ref negatives);
                    }
                }

                return;
            }

            for (int i = 0; i < count; i++)
            {
                if (Labels[i] != Domain.Null && table.Scales[(cells[i] * table.Classes.Length) + c] is { } scales)
                {
                    DeLongState sum = into[cells[i]];
                    Add(scales.Before, scales.After, table.Macro[cells[i]], table.Classes[c], c, i, before, ref sum.Positives[c], ref sum.Negatives[c]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(
            RankScale left, RankScale right, MacroScale macro, (int Code, int Before, int After) ofClass, int c, int i, MatrixColumn before, ref PairedRanks positives, ref PairedRanks negatives)
        {
            if (Labels[i] == Domain.Null)
            {
                return;
            }

            double from = At(before, i, ofClass.Before), to = At(After, i, ofClass.After);
            if (Labels[i] == ofClass.Code)
            {
                ((long rank, long influence), (long then, long next)) = (left.OfPositive(from), right.OfPositive(to));
                positives.Add(rank, then, next - influence);
                auc[i] += macro.OfPositive(c, then - rank);
                average[i] += macro.OfAverage(c, next - influence);
            }
            else
            {
                ((long rank, long influence), (long then, long next)) = (left.OfNegative(from), right.OfNegative(to));
                negatives.Add(rank, then, next - influence);
                auc[i] += macro.OfNegative(c, then - rank);
                average[i] += macro.OfAverage(c, next - influence);
            }
        }

        private static unsafe double At(MatrixColumn matrix, int row, int k)
        {
            nint place = ((nint)row * matrix.Width) + k;
            return matrix.IsDouble ? ((double*)matrix.Pointer)[place] : ((float*)matrix.Pointer)[place];
        }
    }
}
