using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>Fits linear heads to labelled rows (docs/retrain.md).</summary>
/// <param name="sampleWeights">Above 0, per row.</param>
internal sealed class HeadFit(double[] sampleWeights)
{
    /// <summary>
    /// The gain of a step, in the loss of one row, from which a fit ends. What is left then bounds Σ s · KL(optimum ‖ fit), so by Pinsker's
    /// inequality no probability is off by more than its root, far below 1e-6.
    /// </summary>
    private const double Tolerance = 1e-10;

    /// <summary>
    /// The same for heads that only say what the rows of a fold are taken for: probabilities are off by a thousandth at most, in all rows together less than this of the
    /// loss of one, which takes three fifths of the products.
    /// </summary>
    private const double FoldTolerance = 1e-6;

    /// <summary>One in how many rows; the gain of a step, per unit of weight and of the logarithm of the classes, that is the last one with these.</summary>
    private const int Part = 8;

    private const double PartTolerance = 1e-2;

    private const ulong FoldStream = 0x466F6C64;

    public required VectorBlock Rows { get; init; }

    /// <summary>Class per row, from 0.</summary>
    public required int[] Labels { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int Folds { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required CancellationToken Cancel { get; init; }

    /// <summary>Bytes for what may be kept from pass to pass; changes the time only.</summary>
    public long Room { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8;

    /// <summary>Multiplications of a product with the Hessian below which all products are in double: what float32 would save there is not worth its steps.</summary>
    public double ExactBelow { get; init; } = 1 << 25;

    /// <summary>Receives how many fits are done, and of how many at most.</summary>
    public Action<int, int>? Tell { get; init; }

    private long swept, sweptExactly;

    /// <summary>Passes over all rows that fits took so far, values with gradients and products alike; those of folds count by their rows.</summary>
    public double Passes => Volatile.Read(ref swept) / (double)Labels.Length;

    /// <summary>Of these, the values with gradients in double.</summary>
    public double ExactPasses => Volatile.Read(ref sweptExactly) / (double)Labels.Length;

    /// <summary>Per row.</summary>
    public IReadOnlyList<double> SampleWeights => sampleWeights;

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
    /// <param name="c">C.</param>
    /// <param name="start">Weights near the optimum, where some are known: the way is shorter then.</param>
    public (LinearHead Head, int Steps, bool Converged) Fit(double c, double[]? start = null)
    {
        using RowFit fit = new(this, [.. Enumerable.Range(0, Labels.Length)], Threads, Room);
        (start ?? Start(c))?.CopyTo(fit.Weights, 0);
        bool converged = fit.Run(c, Tolerance * fit.LeastWeight);
        return (fit.Head(), fit.Steps, converged);
    }

    /// <summary>Where many rows are worth to begin with a part of them: about the optimum of every <see cref="Part"/>-th row of each class, with more of a penalty than all rows have.</summary>
    private double[]? Start(double c)
    {
        if (2.0 * Labels.Length * LinearHead.Length(Rows.Width, Classes.Count) < Part * ExactBelow)
        {
            return null;
        }

        int[] seen = new int[Classes.Count];
        using RowFit part = new(this, [.. Enumerable.Range(0, Labels.Length).Where(i => seen[Labels[i]]++ % Part == 0)], Threads, Room);
        part.Begin(c * Math.Sqrt(Part), PartTolerance * part.Mass * Deterministic.Log(Classes.Count));
        return part.Weights;
    }

    /// <summary>A fit to some rows that goes from one strength to the next.</summary>
    internal sealed class RowFit : IDisposable
    {
        private readonly HeadFit fit;
        private readonly SoftmaxLoss loss;
        private readonly NewtonSearch search = new();

        public RowFit(HeadFit fit, int[] chosen, int threads, long room)
        {
            this.fit = fit;
            loss = new SoftmaxLoss(fit.Rows, chosen, fit.Labels, [.. fit.SampleWeights], fit.Classes.Count, threads, room, fit.ExactBelow);
            Weights = new double[loss.Length];
        }

        /// <summary>Where it is.</summary>
        public double[] Weights { get; }

        public double LeastWeight => loss.LeastWeight;

        public double Mass => loss.Mass;

        public int Steps => search.Steps;

        /// <summary>Moves on to the optimum at C; gives whether it is reached.</summary>
        public bool Run(double c, double tolerance) => Run(c, tolerance, proven: true);

        /// <summary>To the tolerance of what a fold's rows are taken for.</summary>
        public bool Finish(double c) => Run(c, FoldTolerance * LeastWeight, proven: false);

        /// <summary>About to the optimum at C.</summary>
        public bool Begin(double c, double tolerance) => Run(c, tolerance, proven: false);

        private bool Run(double c, double tolerance, bool proven)
        {
            bool converged = search.Run(loss, Weights, 1 / c, tolerance, proven, fit.Cancel);
            loss.Sweep.Release();
            Interlocked.Add(ref fit.swept, (long)(search.Evaluations + search.Products) * loss.Sweep.Rows);
            Interlocked.Add(ref fit.sweptExactly, (long)search.ExactEvaluations * loss.Sweep.Rows);
            return converged;
        }

        public LinearHead Head() => new(fit.Rows.Width, fit.Classes, [.. Weights], [.. loss.Present.Select(p => !p)]);

        public void Dispose()
        {
            search.Dispose();
            loss.Dispose();
        }
    }
}
