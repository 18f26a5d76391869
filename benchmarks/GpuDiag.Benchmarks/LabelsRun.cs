using System.Diagnostics;
using System.Globalization;
using GpuDiag.Analyses.Labels;
using GpuDiag.Columns;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Benchmarks;

/// <summary>
/// Label issues by noise rate of rows that lie in memory, drawn like those of tools/peers/confident_learning.py: thresholds, joint,
/// noise rates, and the rows. One fold per thread, merged. Prints one line of JSON: the median of 25 runs.
/// </summary>
internal static class LabelsRun
{
    private const int BatchRows = 4096, WarmUp = 15, Runs = 25;
    private const double Noise = 0.05;

    /// <param name="rows">Rows.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="threads">Threads that work.</param>
    public static void Run(int rows, int classes, int threads, TextWriter output)
    {
        Domain domain = new("label");
        int[] codes = [.. Enumerable.Range(0, classes).Select(k => domain.Code(k))];
        (CodeColumn Label, MatrixColumn Matrix)[] batches = [.. Enumerable.Range(0, (rows + BatchRows - 1) / BatchRows)
            .Select(b => Draw(domain, codes, Math.Min(BatchRows, rows - (b * BatchRows)), new Random(b)))];
        List<double> seconds = [];
        int issues = 0;
        for (int run = 0; run < WarmUp + Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            issues = Find(domain, codes, batches, rows, threads);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // The first runs compile.
        double[] timed = [.. seconds.Skip(WarmUp).Order()];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"rows\": {rows}, \"classes\": {classes}, \"threads\": {threads}, \"flagged\": {issues}, \"seconds\": {timed[Runs / 2]:F4}, \"least\": {timed[0]:F4}, \"most\": {timed[^1]:F4}}}"));
    }

    private static int Find(Domain domain, int[] codes, (CodeColumn Label, MatrixColumn Matrix)[] batches, int rows, int threads)
    {
        SelfConfidence means = new(codes.Length);
        Each(threads, batches.Length, () => new SelfConfidence(codes.Length), Add, means.Merge);
        ConfidentJointPlan plan = new(domain, codes, means.Least());
        CpuBackend backend = new();
        ConfidentJointState state = new(plan);
        Each(
            threads, batches.Length, () => backend.ConfidentJoint(plan), (fold, b) => fold.Accept(new ConfidentJointBatch(Rows(b), batches[b].Matrix, batches[b].Label)), f => state.Merge(f.Take()));
        JointEstimate joint = new(state);
        PrunePlan prune = new(joint);
        NoiseRates.Of(joint, 0, threads);
        int[] columns = new int[codes.Max() + 1];
        Array.Fill(columns, -1);
        for (int k = 0; k < codes.Length; k++)
        {
            columns[codes[k]] = k;
        }

        IssueFilter all = New();
        Each(threads, batches.Length, () => (Filter: New(), Row: new LabelledRow(codes, LabelScore.SelfConfidence, joint.Rows == rows)), Offer, f => all.Merge(f.Filter));
        return new LabelIssues(rows, all.Finish()).WorstFirst().Count();

        IssueFilter New() => IssueFilter.For(LabelFilter.PruneByNoiseRate, joint, prune, plan.Least);

        int Rows(int b) => Math.Min(BatchRows, rows - (b * BatchRows));

        void Add(SelfConfidence mine, int b)
        {
            ReadOnlySpan<float> values = batches[b].Matrix.Floats(Rows(b));
            for (int r = 0; r < Rows(b); r++)
            {
                int label = batches[b].Label[r] - 1;
                mine.Add(label, values[(r * codes.Length) + label]);
            }
        }

        void Offer((IssueFilter Filter, LabelledRow Row) mine, int b)
        {
            mine.Row.Take((long)b * BatchRows, batches[b].Matrix, null, null);
            mine.Filter.Accept(mine.Row, batches[b].Label, columns, Rows(b));
        }
    }

    private static void Each<T>(int threads, int items, Func<T> init, Action<T, int> accept, Action<T> merge)
    {
        int next = -1;
        Lock gate = new();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            T mine = init();
            while (Interlocked.Increment(ref next) is int i && i < items)
            {
                accept(mine, i);
            }

            lock (gate)
            {
                merge(mine);
            }
        });
    }

    private static (CodeColumn Label, MatrixColumn Matrix) Draw(Domain domain, int[] codes, int rows, Random random)
    {
        CodeColumn label = new(domain, rows);
        label.SetLimit(domain.Count);
        MatrixColumn matrix = new();
        matrix.Reserve(rows, codes.Length, isDouble: false);
        for (int r = 0; r < rows; r++)
        {
            int truly = random.Next(codes.Length), given = random.NextDouble() < Noise ? random.Next(codes.Length) : truly;
            if (label.Width == 1)
            {
                label.Bytes[r] = (byte)codes[given];
            }
            else
            {
                label.Shorts[r] = (ushort)codes[given];
            }

            Span<float> row = matrix.Floats(rows).Slice(r * codes.Length, codes.Length);
            float sum = 0;
            for (int k = 0; k < row.Length; k++)
            {
                float e = -MathF.Log(1 - random.NextSingle());
                row[k] = (e * e) + (k == truly ? 3 * codes.Length : 0);
                sum += row[k];
            }

            foreach (ref float p in row)
            {
                p /= sum;
            }
        }

        return (label, matrix);
    }
}
