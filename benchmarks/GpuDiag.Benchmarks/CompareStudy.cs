using System.Globalization;
using GpuDiag.Analyses.Compare;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Benchmarks;

/// <summary>
/// How often a comparison errs: pairs of models drawn with a known difference, judged as <c>gpudiag compare</c> judges. For each setting
/// 1,000 pairs: rows of ten classes and of twenty segments, wrong with the rate before and the rate after, a part of the rows
/// hard for both; a planted shift is in one segment alone, or in all.
/// </summary>
internal static class CompareStudy
{
    private const int Pairs = 1000, Classes = 10, Segments = 20;

    private const double Error = 0.10, Hard = 0.05, HardError = 0.5, Margin = 0.01;

    private static readonly (int Rows, double All, double One)[] Settings =
        [(500, 0, 0), (2000, 0, 0), (20_000, 0, 0), (2000, 0.02, 0), (2000, -0.02, 0), (20_000, 0, -0.05), (20_000, 0.01, -0.1)];

    /// <param name="only">The setting to run; null for all.</param>
    public static void Run(int? only, TextWriter output)
    {
        output.WriteLine("| rows | change, all rows | change, one segment | better | worse | not worse | can't tell | McNemar p ≤ 0.05 | accuracy covered | macro F1 covered | some other group worse | that segment worse |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach ((int rows, double all, double one) in only is int place ? [Settings[place]] : Settings)
        {
            output.WriteLine(Setting(rows, all, one));
        }
    }

    private static string Setting(int rows, double all, double one)
    {
        int[] verdicts = new int[4];
        int rejected = 0, covered = 0, f1Covered = 0, others = 0, planted = 0;
        Lock gate = new();
        double truth = all + (one / Segments);
        Parallel.For(0, Pairs, pair =>
        {
            (JointTable table, JointTable[] groups) = Draw(rows, all, one, (ulong)pair);
            GroupFinish finish = new(new MetricNames(false, false, null, false), Classes, null, 0);
            (IReadOnlyList<MetricDelta> metrics, McNemarResult test) = finish.Figures(table, true, "");
            Estimate accuracy = metrics[0].Delta, f1 = metrics.Single(m => m.Name == "f1_macro").Delta;
            double[] p = [.. groups.Select(g => McNemar.PValue(g.Table.OnlyBefore, g.Table.OnlyAfter))];
            double[] q = BenjaminiHochberg.QValues(p);
            bool[] worse = [.. groups.Select((g, i) => CompareVerdicts.Of(GroupFinish.Paired(g.Table), Margin, q[i]) == CompareVerdict.Worse)];
            lock (gate)
            {
                verdicts[(int)CompareVerdicts.Of(accuracy, Margin)]++;
                rejected += test.PValue <= 0.05 ? 1 : 0;
                covered += accuracy.Low <= truth && truth <= accuracy.High ? 1 : 0;

                // Errors go to all classes alike, which are as frequent: macro F1 is accuracy in the limit.
                f1Covered += f1.Low <= truth && truth <= f1.High ? 1 : 0;
                others += worse.Skip(one == 0 ? 0 : 1).Any(w => w) ? 1 : 0;
                planted += one != 0 && worse[0] ? 1 : 0;
            }
        });
        string Share(int count) => (100.0 * count / Pairs).ToString("0.0", CultureInfo.InvariantCulture) + " %";
        string Points(double shift) => (100 * shift).ToString("0.0", CultureInfo.InvariantCulture);
        return $"| {rows:N0} | {Points(all)} | {Points(one)} | {Share(verdicts[0])} | {Share(verdicts[2])} | {Share(verdicts[1])} | {Share(verdicts[3])} | {Share(rejected)} | {Share(covered)} | {Share(f1Covered)} | {Share(others)} | {(one == 0 ? "" : Share(planted))} |";
    }

    private static (JointTable All, JointTable[] Groups) Draw(int rows, double all, double one, ulong pair)
    {
        PhiloxStream stream = new(6, pair);
        Dictionary<(int, int, int), long>[] groups = [.. Enumerable.Range(0, Segments).Select(_ => new Dictionary<(int, int, int), long>())];
        for (int i = 0; i < rows; i++)
        {
            int segment = (int)(stream.NextUnit() * Segments), label = (int)(stream.NextUnit() * Classes);
            bool hard = stream.NextUnit() < Hard;
            double rate = hard ? HardError : (Error - (Hard * HardError)) / (1 - Hard);

            // The change of the whole rate falls on the rows that are not hard.
            double then = hard ? HardError : rate - ((all + (segment == 0 ? one : 0)) / (1 - Hard));
            int before = Predict(label, rate, ref stream), after = Predict(label, then, ref stream);
            Dictionary<(int, int, int), long> cells = groups[segment];
            cells[(label, before, after)] = cells.GetValueOrDefault((label, before, after)) + 1;
        }

        JointTable Table(IEnumerable<KeyValuePair<(int, int, int), long>> cells) =>
            new([.. cells.GroupBy(c => c.Key).Select(g => new JointCell(g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Sum(c => c.Value)))]);
        return (Table(groups.SelectMany(g => g)), [.. groups.Select(g => Table(g))]);
    }

    private static int Predict(int label, double rate, ref PhiloxStream stream)
    {
        bool wrong = stream.NextUnit() < rate;
        int miss = 1 + (int)(stream.NextUnit() * (Classes - 1));
        return wrong ? (label + miss) % Classes : label;
    }
}
