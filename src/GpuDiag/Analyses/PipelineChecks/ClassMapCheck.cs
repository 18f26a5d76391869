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

        (long[] first, long[] second) = Halves(matrix, input.Seed);
        int[][] cycles = Cycles(matrix, first);
        List<int[]> kept = [];
        double least = 1;
        foreach (int[] cycle in cycles)
        {
            double p = Math.Min(1, PValue(matrix, cycle, second) * cycles.Length);
            bool good = Kappa(matrix, cycle, second) >= LeastKappa;
            least = good ? Math.Min(least, p) : least;
            if (good && p <= FalseAlarmRate)
            {
                kept.Add(cycle);
            }
        }

        int[] map = Itself(matrix.Classes.Length);
        kept.ForEach(cycle => Turn(map, cycle));

        return Describe(input, map, kept.Count, least);
    }

    private static PipelineCheck Describe(CheckInput input, int[] map, int cycles, double p)
    {
        ConfusionMatrix matrix = input.Matrix;
        int[] moved = Array.FindAll(Itself(map.Length), k => map[k] != k && matrix.Predicted[k] > 0);
        long correct = 0, rows = 0;
        foreach (ClassCell cell in matrix.Cells)
        {
            correct += cell.Label == map[cell.Prediction] ? cell.Count : 0;
            rows += map[cell.Prediction] != cell.Prediction ? cell.Count : 0;
        }

        string Name(int k) => input.Classes.Names[matrix.Classes[k]];
        int CodeOf(int k) => input.Classes.Codes[matrix.Classes[k]];
        Dictionary<int, int> means = [];
        Array.ForEach(moved, k => means.Add(CodeOf(k), CodeOf(map[k])));
        bool failed = cycles > 0;
        return new PipelineCheck(Code, failed ? PipelineCheck.Failing : PipelineCheck.Passing)
        {
            Statistic = "accuracy gained by the best one-to-one map of predicted to true classes",
            Value = (double)(correct - matrix.Correct) / matrix.Rows,
            PValue = p,
            FalseAlarmRate = FalseAlarmRate,
            AccuracyIfFixed = failed ? Intervals.Proportion(correct, matrix.Rows) : Estimate.Undefined,
            Rows = rows,
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

    /// <summary>Every class stands for itself.</summary>
    private static int[] Itself(int classes)
    {
        int[] map = new int[classes];
        for (int k = 0; k < classes; k++)
        {
            map[k] = k;
        }

        return map;
    }

    private static void Turn(int[] map, int[] cycle)
    {
        for (int i = 0; i < cycle.Length; i++)
        {
            map[cycle[i]] = cycle[(i + 1) % cycle.Length];
        }
    }

    /// <summary>Draws each row into one of two halves: of a cell, a binomial share. Rows per cell of the matrix.</summary>
    private static (long[] First, long[] Second) Halves(ConfusionMatrix matrix, ulong seed)
    {
        long[] first = new long[matrix.Cells.Length], second = new long[matrix.Cells.Length];
        PhiloxStream stream = new(seed, ConfusionBootstrap.Stream("class map"));
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = BinomialSampler.Draw(matrix.Cells[i].Count, 0.5, ref stream);
            second[i] = matrix.Cells[i].Count - first[i];
        }

        return (first, second);
    }

    /// <summary>
    /// The cycles of the best map: prediction cycle[i] stands for label cycle[i + 1]. Only classes whose own cell is not the
    /// largest of its row and of its column take part: no exchange among the others gains anything.
    /// </summary>
    private static int[][] Cycles(ConfusionMatrix matrix, long[] rows)
    {
        int classes = matrix.Classes.Length;
        ClassCell[] cells = matrix.Cells;
        long[] rowMost = new long[classes], columnMost = new long[classes], own = new long[classes], size = new long[classes];
        for (int i = 0; i < cells.Length; i++)
        {
            (int label, int prediction, long count) = (cells[i].Label, cells[i].Prediction, rows[i]);
            rowMost[label] = Math.Max(rowMost[label], count);
            columnMost[prediction] = Math.Max(columnMost[prediction], count);
            own[label] += label == prediction ? count : 0;
            size[label] += count;
            size[prediction] += count;
        }

        int[] taking = Array.FindAll(Itself(classes), k => own[k] < Math.Max(rowMost[k], columnMost[k]));
        if (taking.Length > MostClasses)
        {
            Array.Sort(taking, (a, b) => size[a] != size[b] ? size[b].CompareTo(size[a]) : a.CompareTo(b));
            taking = taking[..MostClasses];
            Array.Sort(taking);
        }

        int n = taking.Length;
        int[] place = new int[classes];
        Array.Fill(place, -1);
        for (int i = 0; i < n; i++)
        {
            place[taking[i]] = i;
        }

        long[] gain = new long[n * n];
        for (int i = 0; i < cells.Length; i++)
        {
            int label = place[cells[i].Label], prediction = place[cells[i].Prediction];
            if (label >= 0 && prediction >= 0)
            {
                gain[(label * n) + prediction] = rows[i];
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
                cycles.Add(cycle.ToArray());
            }
        }

        return cycles.ToArray();
    }

    private static double PValue(ConfusionMatrix matrix, int[] cycle, long[] rows)
    {
        int[] means = Means(matrix.Classes.Length, cycle);
        long after = 0, before = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            (int label, int prediction) = (matrix.Cells[i].Label, matrix.Cells[i].Prediction);
            after += means[prediction] == label ? rows[i] : 0;
            before += means[prediction] >= 0 && prediction == label ? rows[i] : 0;
        }

        return Binomial.Sf(after - 1, after + before, 0.5);
    }

    /// <summary>
    /// Agreement beyond chance, after the map, of the rows whose prediction is in the cycle; chance is that of labels and
    /// predictions drawn apart from all rows.
    /// </summary>
    private static double Kappa(ConfusionMatrix matrix, int[] cycle, long[] counts)
    {
        int[] means = Means(matrix.Classes.Length, cycle);
        long[] labels = new long[means.Length], predictions = new long[means.Length];
        double all = 0, rows = 0, hits = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            (int label, int meant) = (matrix.Cells[i].Label, means[matrix.Cells[i].Prediction]);
            all += counts[i];
            labels[label] += counts[i];
            if (meant >= 0)
            {
                rows += counts[i];
                hits += label == meant ? counts[i] : 0;
                predictions[meant] += counts[i];
            }
        }

        double chance = 0;
        foreach (int k in cycle)
        {
            chance += (double)predictions[k] * labels[k];
        }

        return rows == 0 || chance == rows * all ? 0 : ((hits * all) - chance) / ((rows * all) - chance);
    }

    /// <summary>What each prediction stands for by the cycle; -1 where it is not in it.</summary>
    private static int[] Means(int classes, int[] cycle)
    {
        int[] means = new int[classes];
        Array.Fill(means, -1);
        Turn(means, cycle);
        return means;
    }
}
