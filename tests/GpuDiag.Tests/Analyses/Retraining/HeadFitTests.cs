using GpuDiag.Analyses.Retraining;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Analyses.Retraining;

/// <summary>The objective, its gradient and the folds.</summary>
public sealed class HeadFitTests
{
    [Fact]
    public void Gradient_IsThatOfTheValue()
    {
        const int rows = 37, width = 5, classes = 3;
        Random random = new(3);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)random.NextDouble())], width);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)];
        double[] weights = [.. Enumerable.Range(0, rows).Select(i => i % 4 == 0 ? 0.0 : 1 + (i % 3))];
        SoftmaxLoss loss = new(set.Block, labels, weights, classes, 2);
        double[] at = new double[loss.Length], gradient = new double[loss.Length], unused = new double[loss.Length];
        int padded = LinearRows.Padded(classes);
        for (int d = 0; d <= width; d++)
        {
            for (int k = 0; k < classes; k++)
            {
                at[(d * padded) + k] = random.NextDouble() - 0.5;
            }
        }

        double value = loss.Evaluate(at, 0.7, gradient);
        Assert.Equal(Plain(at), value, 1e-10);
        for (int i = 0; i < at.Length; i++)
        {
            if (i % padded < classes)
            {
                double kept = at[i];
                at[i] = kept + 1e-5;
                double above = loss.Evaluate(at, 0.7, unused);
                at[i] = kept - 1e-5;
                double below = loss.Evaluate(at, 0.7, unused);
                at[i] = kept;
                Assert.Equal((above - below) / 2e-5, gradient[i], 1e-6);
            }
            else
            {
                Assert.Equal(0, gradient[i]);
            }
        }

        unsafe double Plain(double[] w)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++)
            {
                double[] z = [.. Enumerable.Range(0, classes).Select(k => w[(width * padded) + k])];
                for (int d = 0; d < width; d++)
                {
                    for (int k = 0; k < classes; k++)
                    {
                        z[k] += set.Block.Row(i)[d] * w[(d * padded) + k];
                    }
                }

                sum += weights[i] * (Math.Log(z.Sum(Math.Exp)) - z[labels[i]]);
            }

            return sum + (0.35 * w[..(width * padded)].Sum(v => v * v));
        }
    }

    [Fact]
    public void Folds_DealOutEveryClass()
    {
        int[] labels = [.. Enumerable.Range(0, 103).Select(i => i % 10 == 0 ? 1 : 0)];
        using VectorSet set = new(new float[103 * 2], 2);
        HeadFit fit = new([.. labels.Select(_ => 1.0)]) { Rows = set.Block, Labels = labels, Classes = ["a", "b"], Folds = 5, Seed = 4, Threads = 1, Cancel = default };
        int[] folds = fit.FoldOf();
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(Enumerable.Range(0, 103).Count(i => folds[i] == f && labels[i] == 1), 2, 3));
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(folds.Count(x => x == f), 20, 21));
    }

    [Fact]
    public void ClassWithoutRowsToLearnFrom_HasProbabilityZero()
    {
        using VectorSet set = new([0, 1, 1, 0, 2, 2, 3, 1], 2);
        int[] labels = [0, 1, 0, 1];
        HeadFit fit = new([1, 1, 1, 1]) { Rows = set.Block, Labels = labels, Classes = ["a", "b", "c"], Folds = 2, Seed = 0, Threads = 1, Cancel = default };
        (LinearHead head, _, bool converged) = fit.Fit(1);
        Assert.True(converged);
        head.Predict(set.Block, 1, (_, p) => Assert.Equal((0.0, 1.0), (p[2], Math.Round(p[0] + p[1], 12))));
        Assert.Equal(-1e30f, head.Bias()[2]);
    }
}
