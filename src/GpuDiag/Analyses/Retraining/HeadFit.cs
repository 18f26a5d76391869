using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>Fits linear heads to labelled rows: one of a given strength, or the best of several by cross-validation (docs/retrain.md).</summary>
internal sealed class HeadFit
{
    /// <summary>The gradient's greatest entry per unit of weight at which a fit ends.</summary>
    private const double Tolerance = 1e-10, SearchTolerance = 1e-6;

    private const int MostSteps = 5000, Patience = 2;

    private const ulong FoldStream = 0x466F6C64;

    private readonly double[] weights;

    public required VectorBlock Rows { get; init; }

    /// <summary>Class per row, from 0.</summary>
    public required int[] Labels { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int Folds { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required CancellationToken Cancel { get; init; }

    /// <summary>Receives how many fits are done, and of how many at most.</summary>
    public Action<int, int>? Tell { get; init; }

    /// <summary>Values of C that cross-validation tries.</summary>
    public static IReadOnlyList<double> Strengths { get; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

    /// <param name="sampleWeights">Above 0, per row.</param>
    public HeadFit(double[] sampleWeights) => weights = sampleWeights;

    /// <summary>n / (classes · rows of the class) for each row, as scikit-learn's balanced.</summary>
    public static double[] Balanced(int[] labels, int classes)
    {
        long[] counts = new long[classes];
        foreach (int label in labels)
        {
            counts[label]++;
        }

        int present = counts.Count(c => c > 0);
        return [.. labels.Select(l => labels.Length / ((double)present * counts[l]))];
    }

    /// <summary>The fold of each row: rows of a class, in an order drawn by row number, are dealt out in turn.</summary>
    public int[] FoldOf()
    {
        int[] folds = new int[Labels.Length];
        int next = 0;
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, Labels.Length).GroupBy(i => Labels[i]).OrderBy(g => g.Key))
        {
            foreach (int row in rows.OrderBy(r => Philox4x32.At(Seed, FoldStream, (ulong)r).First).ThenBy(r => r))
            {
                folds[row] = next++ % Folds;
            }
        }

        return folds;
    }

    /// <summary>The head of all rows at strength C.</summary>
    public (LinearHead Head, int Steps, bool Converged) Fit(double c, double[]? start = null) => Fit(weights, c, Tolerance, start ?? new double[Length]);

    /// <summary>The strength with the least out-of-fold log-loss, the smaller of equal ones, and what each gave.</summary>
    public (double Best, IReadOnlyList<(double C, double Loss)> Tried) Search(int[] folds)
    {
        List<(double C, double Loss)> tried = [];
        double[][] starts = [.. Enumerable.Range(0, Folds).Select(_ => new double[Length])];
        int since = 0;
        double best = double.PositiveInfinity;
        foreach (double c in Strengths)
        {
            double loss = 0;
            for (int f = 0; f < Folds; f++)
            {
                Tell?.Invoke((tried.Count * Folds) + f, Strengths.Count * Folds);
                (LinearHead head, _, _) = Fit(Without(folds, f), c, SearchTolerance, starts[f]);
                loss += HeldOut(head, folds, f);
            }

            tried.Add((c, loss / weights.Sum()));
            since = loss < best ? 0 : since + 1;
            best = Math.Min(best, loss);
            if (since > Patience)
            {
                break;
            }
        }

        return (tried.OrderBy(t => t.Loss).ThenBy(t => t.C).First().C, tried);
    }

    /// <summary>Each row's probabilities by the head that did not see its fold: rows × classes.</summary>
    public double[] OutOfFold(int[] folds, double c)
    {
        double[] all = new double[Labels.Length * Classes.Count];
        for (int f = 0; f < Folds; f++)
        {
            int fold = f;
            Tell?.Invoke(f, Folds);
            (LinearHead head, _, _) = Fit(Without(folds, f), c, Tolerance, new double[Length]);
            head.Predict(Rows, Threads, (row, p) =>
            {
                if (folds[row] == fold)
                {
                    p.CopyTo(all.AsSpan((int)row * Classes.Count));
                }
            });
        }

        return all;
    }

    private int Length => (Rows.Width + 1) * LinearRows.Padded(Classes.Count);

    private double[] Without(int[] folds, int fold) => [.. weights.Select((w, i) => folds[i] == fold ? 0 : w)];

    private (LinearHead Head, int Steps, bool Converged) Fit(double[] sampleWeights, double c, double tolerance, double[] start)
    {
        SoftmaxLoss loss = new(Rows, Labels, sampleWeights, Classes.Count, Threads);
        Lbfgs search = new();
        double lambda = 1 / c;
        bool converged = search.Run(start, (w, g) => loss.Evaluate(w, lambda, g), loss.Diagonal(lambda), tolerance * loss.Mass, MostSteps, Cancel);
        return (new LinearHead(Rows.Width, Classes, [.. start], [.. loss.Present.Select(p => !p)]), search.Steps, converged);
    }

    /// <summary>Σ s · (−ln p_y) of a fold, p clipped as the metrics clip it.</summary>
    private double HeldOut(LinearHead head, int[] folds, int fold)
    {
        double[] losses = new double[Labels.Length];
        head.Predict(Rows, Threads, (row, p) => losses[row] = folds[row] == fold ? weights[row] * -Deterministic.Log(Math.Max(p[Labels[row]], 2.220446049250313e-16)) : 0);
        double sum = 0;
        foreach (double loss in losses)
        {
            sum += loss;
        }

        return sum;
    }
}
