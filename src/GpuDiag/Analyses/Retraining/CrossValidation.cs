using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Retraining;

/// <summary>Fits to all rows but those of a fold, for each fold: which strength is best, and what rows are taken for by a head that has not seen them.</summary>
internal sealed class CrossValidation : IDisposable
{
    /// <summary>As a fit's tolerance, per unit of weight, while strengths are compared.</summary>
    private const double SearchTolerance = 1e-8;

    private const int Patience = 2;

    /// <summary>Multiplications of a pass below which folds are fitted side by side, one thread each.</summary>
    private const double SmallPass = 1 << 25;

    private readonly HeadFit fit;
    private readonly int[][] held;
    private readonly HeadFit.RowFit[] fits;
    private readonly ParallelOptions folds;
    private readonly int threads;
    private double[][]? best;

    /// <param name="fit">The rows.</param>
    /// <param name="foldOf">Fold per row.</param>
    public CrossValidation(HeadFit fit, int[] foldOf)
    {
        this.fit = fit;
        bool small = (double)foldOf.Length * (fit.Rows.Width + 1) * LinearRows.Padded(fit.Classes.Count) < SmallPass;
        threads = small ? 1 : fit.Threads;
        folds = new ParallelOptions { MaxDegreeOfParallelism = small ? fit.Threads : 1, CancellationToken = fit.Cancel };
        held = [.. Enumerable.Range(0, fit.Folds).Select(f => Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] == f).ToArray())];
        fits = [.. Enumerable.Range(0, fit.Folds).Select(f => new HeadFit.RowFit(fit, [.. Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] != f)], threads, small ? fit.Room / fit.Folds : fit.Room))];
    }

    /// <summary>Values of C that are tried.</summary>
    public static IReadOnlyList<double> Strengths { get; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

    /// <summary>Weights of the first fold at the best strength: near those of all rows. Null before <see cref="Search"/>.</summary>
    public double[]? Near => best?[0];

    /// <summary>The strength with the least log-loss of held-out rows, the smaller of equal ones, and what each gave.</summary>
    public (double Best, IReadOnlyList<(double C, double Loss)> Tried) Search()
    {
        List<(double C, double Loss)> tried = [];
        int since = 0;
        double least = double.PositiveInfinity, mass = fit.SampleWeights.Sum();
        foreach (double c in Strengths)
        {
            double[] losses = new double[fits.Length];
            int done = 0;
            Each(f =>
            {
                fits[f].Run(c, SearchTolerance * fits[f].Mass);
                losses[f] = HeldOut(f);
                fit.Tell?.Invoke((tried.Count * fits.Length) + Interlocked.Increment(ref done), Strengths.Count * fits.Length);
            });
            double loss = losses.Sum() / mass;
            tried.Add((c, loss));
            since = loss < least ? 0 : since + 1;
            if (loss < least)
            {
                (least, best) = (loss, [.. fits.Select(f => f.Weights.ToArray())]);
            }

            if (since > Patience)
            {
                break;
            }
        }

        return (tried.OrderBy(t => t.Loss).ThenBy(t => t.C).First().C, tried);
    }

    /// <summary>Each row's probabilities by the head that did not see its fold: rows × classes.</summary>
    /// <param name="c">C.</param>
    /// <param name="near">The head of all rows: where fits start that no search has brought near their optimum.</param>
    public float[] OutOfFold(double c, LinearHead near)
    {
        float[] all = new float[checked(fit.Labels.Length * fit.Classes.Count)];
        int done = 0;
        Each(f =>
        {
            (best?[f] ?? near.Start()).CopyTo(fits[f].Weights, 0);
            fits[f].Finish(c);
            fits[f].Head().Predict(fit.Rows, held[f], threads, (row, p) =>
            {
                Span<float> to = all.AsSpan((int)row * fit.Classes.Count, fit.Classes.Count);
                for (int k = 0; k < to.Length; k++)
                {
                    to[k] = (float)p[k];
                }
            });
            fit.Tell?.Invoke(Interlocked.Increment(ref done), fits.Length);
        });
        return all;
    }

    public void Dispose()
    {
        foreach (HeadFit.RowFit each in fits)
        {
            each.Dispose();
        }
    }

    private void Each(Action<int> work)
    {
        try
        {
            Parallel.For(0, fits.Length, folds, work);
        }
        catch (AggregateException faults) when (faults.InnerExceptions.All(e => e is OperationCanceledException))
        {
            throw new OperationCanceledException(fit.Cancel);
        }
    }

    /// <summary>Σ s · (−ln p_y) of a fold's rows, p clipped as the metrics clip it.</summary>
    private double HeldOut(int fold)
    {
        double[] losses = new double[fit.Labels.Length];
        fits[fold].Head().Predict(fit.Rows, held[fold], threads, (row, p) => losses[row] = fit.SampleWeights[(int)row] * -Deterministic.Log(Math.Max(p[fit.Labels[row]], 2.220446049250313e-16)));
        double sum = 0;
        foreach (int row in held[fold])
        {
            sum += losses[row];
        }

        return sum;
    }
}
