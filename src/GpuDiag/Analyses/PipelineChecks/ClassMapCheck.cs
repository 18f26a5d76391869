using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Whether predictions stand for other classes than those they name: the confusion matrix is a permutation of a good one.
/// Rows are drawn into two halves, cell by cell, keyed. On the first the best one-to-one map of predictions is found
/// (<see cref="Assignment"/>); each of its cycles is judged on the second by the sign test of rows that only the map, or
/// only the names, get right (exact, one-sided, Bonferroni over cycles), and must agree with the labels beyond chance
/// (Cohen's kappa over its rows). The halves are independent, so the false-alarm rate is that of the test.
/// </summary>
internal static class ClassMapCheck
{
    public const string Code = "class_map";

    public const double FalseAlarmRate = 1e-3;

    /// <summary>Least agreement beyond chance of the rows that a cycle concerns.</summary>
    private const double LeastKappa = 0.3;

    /// <summary>Classes that are looked at at most, those with most rows: time grows with their cube.</summary>
    private const int MostClasses = 1 << 10;

    public static PipelineCheck Run(CheckInput input)
    {
        ConfusionMatrix matrix = input.Matrix;
        if (matrix.Classes.Length < 2 || matrix.Rows < 2)
        {
            return PipelineCheck.NotApplicable(Code, "there are fewer than two classes");
        }

        (Dictionary<(int, int), long> first, Dictionary<(int, int), long> second) = Halves(matrix, input.Seed);
        int[][] cycles = Cycles(matrix.Classes.Length, first);
        List<int[]> kept = [];
        double least = 1;
        foreach (int[] cycle in cycles)
        {
            double p = Math.Min(1, PValue(cycle, second) * cycles.Length);
            bool good = Kappa(cycle, second) >= LeastKappa;
            least = good ? Math.Min(least, p) : least;
            if (good && p <= FalseAlarmRate)
            {
                kept.Add(cycle);
            }
        }

        int[] map = [.. Enumerable.Range(0, matrix.Classes.Length)];
        foreach (int[] cycle in kept)
        {
            for (int i = 0; i < cycle.Length; i++)
            {
                map[cycle[i]] = cycle[(i + 1) % cycle.Length];
            }
        }

        return Describe(input, map, kept.Count, least);
    }

    private static PipelineCheck Describe(CheckInput input, int[] map, int cycles, double p)
    {
        ConfusionMatrix matrix = input.Matrix;
        int[] moved = [.. Enumerable.Range(0, map.Length).Where(k => map[k] != k && matrix.Predicted[k] > 0)];
        long correct = matrix.Cells.Where(c => c.Label == map[c.Prediction]).Sum(c => c.Count);
        string Name(int k) => input.Classes.Names[matrix.Classes[k]];
        int CodeOf(int k) => input.Classes.Codes[matrix.Classes[k]];
        Dictionary<int, int> means = moved.ToDictionary(CodeOf, k => CodeOf(map[k]));
        bool failed = cycles > 0;
        return new PipelineCheck(Code, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "accuracy gained by the best one-to-one map of predicted to true classes",
            Value = (double)(correct - matrix.Correct) / matrix.Rows,
            PValue = p,
            FalseAlarmRate = FalseAlarmRate,
            AccuracyIfFixed = failed ? Intervals.Proportion(correct, matrix.Rows) : Estimate.Undefined,
            Rows = moved.Sum(k => matrix.Predicted[k]),
            Evidence = failed
                ? Evidence.Of([
                    ("accuracy", (double)matrix.Correct / matrix.Rows),
                    ("accuracy_if_fixed", (double)correct / matrix.Rows),
                    ("classes", (long)moved.Length),
                    .. moved.Take(100).Select(k => ($"pred {Name(k)}", (object?)Name(map[k])))])
                : Evidence.Of(),
            Explains = (_, label, prediction) => means.TryGetValue(prediction, out int meant) && meant == label,
        };
    }

    /// <summary>Draws each row into one of two halves: of a cell, a binomial share.</summary>
    private static (Dictionary<(int Label, int Prediction), long> First, Dictionary<(int Label, int Prediction), long> Second) Halves(ConfusionMatrix matrix, ulong seed)
    {
        Dictionary<(int, int), long> first = [], second = [];
        PhiloxStream stream = new(seed, ConfusionBootstrap.Stream("class map"));
        foreach (ClassCell cell in matrix.Cells)
        {
            long drawn = BinomialSampler.Draw(cell.Count, 0.5, ref stream);
            first[(cell.Label, cell.Prediction)] = drawn;
            second[(cell.Label, cell.Prediction)] = cell.Count - drawn;
        }

        return (first, second);
    }

    /// <summary>
    /// The cycles of the best map: prediction cycle[i] stands for label cycle[i + 1]. Only classes whose own cell is not the
    /// largest of its row and of its column take part: no exchange among the others gains anything.
    /// </summary>
    private static int[][] Cycles(int classes, Dictionary<(int Label, int Prediction), long> cells)
    {
        long[] rowMost = new long[classes], columnMost = new long[classes], own = new long[classes], size = new long[classes];
        foreach (((int label, int prediction), long count) in cells)
        {
            rowMost[label] = Math.Max(rowMost[label], count);
            columnMost[prediction] = Math.Max(columnMost[prediction], count);
            own[label] += label == prediction ? count : 0;
            size[label] += count;
            size[prediction] += count;
        }

        int[] taking = [.. Enumerable.Range(0, classes)
            .Where(k => own[k] < Math.Max(rowMost[k], columnMost[k]))
            .OrderByDescending(k => size[k]).ThenBy(k => k)
            .Take(MostClasses)
            .Order()];
        int n = taking.Length;
        int[] place = new int[classes];
        Array.Fill(place, -1);
        for (int i = 0; i < n; i++)
        {
            place[taking[i]] = i;
        }

        long[] gain = new long[n * n];
        foreach (((int label, int prediction), long count) in cells)
        {
            if (place[label] >= 0 && place[prediction] >= 0)
            {
                gain[(place[label] * n) + place[prediction]] = count;
            }
        }

        int[] labelOf = Assignment.Maximise(gain, n);
        List<int[]> cycles = [];
        bool[] seen = new bool[n];
        for (int start = 0; start < n; start++)
        {
            List<int> cycle = [];
            for (int k = start; !seen[k]; k = labelOf[k])
            {
                seen[k] = true;
                cycle.Add(taking[k]);
            }

            if (cycle.Count > 1)
            {
                cycles.Add([.. cycle]);
            }
        }

        return [.. cycles];
    }

    private static double PValue(int[] cycle, Dictionary<(int, int), long> cells)
    {
        long after = 0, before = 0;
        for (int i = 0; i < cycle.Length; i++)
        {
            after += cells.GetValueOrDefault((cycle[(i + 1) % cycle.Length], cycle[i]));
            before += cells.GetValueOrDefault((cycle[i], cycle[i]));
        }

        return Binomial.Sf(after - 1, after + before, 0.5);
    }

    /// <summary>
    /// Agreement beyond chance, after the map, of the rows whose prediction is in the cycle; chance is that of labels and
    /// predictions drawn apart from all rows.
    /// </summary>
    private static double Kappa(int[] cycle, Dictionary<(int Label, int Prediction), long> cells)
    {
        Dictionary<int, int> means = [];
        for (int i = 0; i < cycle.Length; i++)
        {
            means[cycle[i]] = cycle[(i + 1) % cycle.Length];
        }

        Dictionary<int, long> labels = [], predictions = [];
        double all = 0, rows = 0, hits = 0;
        foreach (((int label, int prediction), long count) in cells)
        {
            all += count;
            labels[label] = labels.GetValueOrDefault(label) + count;
            if (means.TryGetValue(prediction, out int meant))
            {
                rows += count;
                hits += label == meant ? count : 0;
                predictions[meant] = predictions.GetValueOrDefault(meant) + count;
            }
        }

        double chance = predictions.Sum(p => (double)p.Value * labels.GetValueOrDefault(p.Key));
        return rows == 0 || chance == rows * all ? 0 : ((hits * all) - chance) / ((rows * all) - chance);
    }
}
