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
        int[] chosen = [.. Enumerable.Range(0, rows).Where(i => i % 4 != 0)];
        using SoftmaxLoss loss = new(set.Block, chosen, labels, weights, classes, 2, 1 << 20);
        double[] at = new double[loss.Length], gradient = new double[loss.Length], unused = new double[loss.Length];
        for (int d = 0; d <= width; d++)
        {
            for (int k = 0; k < classes; k++)
            {
                at[LinearHead.At(width, d, k)] = random.NextDouble() - 0.5;
            }
        }

        double value = loss.Evaluate(at, 0.7, gradient);
        Assert.Equal(Plain(at), value, 1e-10);
        for (int i = 0; i < at.Length; i++)
        {
            if (i % LinearRows.Lanes < classes && i / LinearRows.Lanes <= width)
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
                double[] z = [.. Enumerable.Range(0, classes).Select(k => w[LinearHead.At(width, width, k)])];
                for (int d = 0; d < width; d++)
                {
                    for (int k = 0; k < classes; k++)
                    {
                        z[k] += set.Block.Row(i)[d] * w[LinearHead.At(width, d, k)];
                    }
                }

                sum += weights[i] * (Math.Log(z.Sum(Math.Exp)) - z[labels[i]]);
            }

            return sum + (0.35 * w[..(width * LinearRows.Lanes)].Sum(v => v * v));
        }
    }

    [Theory]
    [InlineData(4200, 9, 3, true)] // more than one block of rows
    [InlineData(200, 250, 140, true)] // threads share the entries of a gradient
    [InlineData(90, 7, 17, true)]
    [InlineData(4200, 9, 3, false)]
    [InlineData(200, 250, 140, false)]
    [InlineData(90, 7, 17, false)]
    [InlineData(9000, 3, 2, false)] // the preconditioner samples rows
    public void ThreadsAndWhatIsKept_DoNotShow(int rows, int width, int classes, bool exact)
    {
        Random random = new(5);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)random.NextDouble())], width);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)];
        float[]? bits = null, outOfFold = null;
        foreach ((int threads, long room) in new[] { (1, 1L << 30), (3, 1L << 30), (2, 0L), (1, 300_000L) })
        {
            HeadFit fit = new([.. labels.Select(l => 1.0 + l)]) { Rows = set.Block, Labels = labels, Classes = [.. Enumerable.Range(0, classes).Select(k => $"{k}")], Folds = 2, Seed = 4, Threads = threads, Cancel = default, Room = room, ExactBelow = exact ? double.PositiveInfinity : 0 };
            (LinearHead head, _, bool converged) = fit.Fit(0.01);
            Assert.True(converged);
            Assert.Equal(bits ??= head.Weights(), head.Weights());
            if (rows < 100)
            {
                using CrossValidation folds = new(fit, fit.FoldOf());
                (double best, IReadOnlyList<(double C, double Loss)> tried) = folds.Search();
                Assert.True(tried.Count > 3);
                Assert.Equal(tried.MinBy(t => t.Loss).C, best);
                float[] found = folds.OutOfFold(best, head);
                Assert.All(found.Chunk(classes), p => Assert.Equal(1, p.Sum(), 1e-6));
                Assert.Equal(outOfFold ??= found, found);
            }
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    public void OutOfFold_IsWhatAFitToTheOtherRowsSays(double exactBelow)
    {
        const int rows = 1200, width = 12, classes = 7;
        Random random = new(7);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)];
        float[] values = [.. Enumerable.Range(0, rows * width).Select(i => (float)random.NextDouble() + (i % width == labels[i / width] ? 0.6f : 0))];
        using VectorSet set = new(values, width);
        HeadFit fit = Of(values, labels, set);
        int[] foldOf = fit.FoldOf();
        using CrossValidation folds = new(fit, foldOf);
        float[] found = folds.OutOfFold(0.5, fit.Fit(0.5).Head);
        for (int fold = 0; fold < 3; fold++)
        {
            int held = fold;
            int[] others = [.. Enumerable.Range(0, rows).Where(i => foldOf[i] != held)];
            using VectorSet own = new([.. others.SelectMany(i => values[(i * width)..((i + 1) * width)])], width);
            LinearHead head = Of([.. others.SelectMany(i => values[(i * width)..((i + 1) * width)])], [.. others.Select(i => labels[i])], own).Fit(0.5).Head;
            head.Predict(set.Block, 1, (row, p) =>
            {
                for (int k = 0; k < classes && foldOf[row] == held; k++)
                {
                    Assert.Equal(p[k], found[(row * classes) + k], 1e-4);
                }
            });
        }

        HeadFit Of(float[] of, int[] y, VectorSet rowsOf) => new([.. y.Select(_ => 1.0)])
        {
            Rows = rowsOf.Block,
            Labels = y,
            Classes = [.. Enumerable.Range(0, classes).Select(k => $"{k}")],
            Folds = 3,
            Seed = 4,
            Threads = 2,
            Cancel = default,
            ExactBelow = exactBelow,
        };
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    public void StartFarAway_IsLeft(double exactBelow)
    {
        const int rows = 300, width = 5;
        Random random = new(3);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 3)];
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(i => (float)random.NextDouble() + (i % width == labels[i / width] ? 1 : 0))], width);
        HeadFit fit = new([.. labels.Select(_ => 1.0)]) { Rows = set.Block, Labels = labels, Classes = ["a", "b", "c"], Folds = 3, Seed = 4, Threads = 2, Cancel = default, ExactBelow = exactBelow };
        LinearHead near = fit.Fit(1).Head;
        (LinearHead head, _, bool converged) = fit.Fit(1, [.. near.Start().Select(w => w * -1000)]);
        Assert.True(converged);
        Assert.All(near.Weights().Zip(head.Weights()), w => Assert.Equal(w.First, w.Second, 1e-5));
    }

    [Fact]
    public void PassesInSinglePrecision_AreNearThoseInDouble()
    {
        const int rows = 3000, width = 20, classes = 21;
        Random random = new(6);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)random.NextDouble() * 4)], width);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)], all = [.. Enumerable.Range(0, rows)];
        double[] s = [.. labels.Select(l => 0.5 + l)];
        using SoftmaxLoss exact = new(set.Block, all, labels, s, classes, 2, 1 << 20), near = new(set.Block, all, labels, s, classes, 2, 1 << 16, 0);
        double[] at = Some(), along = Some();
        (double[] Gradient, double[] Product, double[] Sums) expected = (new double[at.Length], new double[at.Length], new double[at.Length]), found = (new double[at.Length], new double[at.Length], new double[at.Length]);
        double value = exact.Evaluate(at, 0.3, expected.Gradient);
        exact.Product(along, 0.3, expected.Product);
        exact.Sweep.ClassSums(expected.Sums);
        foreach (bool isNear in new[] { true, false })
        {
            Assert.Equal(value, near.Evaluate(at, 0.3, found.Gradient, isNear), value * 1e-6);
            near.Product(along, 0.3, found.Product);
            near.Sweep.ClassSums(found.Sums);
            Near(expected.Gradient, found.Gradient, 1e-5);
            Near(expected.Product, found.Product, 3e-3);
            Near(expected.Sums, found.Sums, 3e-3);
        }

        static void Near(double[] expected, double[] found, double share)
        {
            double most = expected.Max(Math.Abs);
            Assert.True(most > 1);
            Assert.All(expected.Zip(found), p => Assert.Equal(p.First, p.Second, share * most));
        }

        double[] Some() => [.. Enumerable.Range(0, exact.Length).Select(i => i / LinearRows.Lanes % LinearRows.Padded(width + 1) <= width && LinearHeadClass(i) < classes ? random.NextDouble() - 0.5 : 0)];
        int LinearHeadClass(int i) => (i / (LinearRows.Lanes * LinearRows.Padded(width + 1)) * LinearRows.Lanes) + (i % LinearRows.Lanes);
    }

    [Fact]
    public void WhereSinglePrecisionIsTooCoarse_ProductsAreInDouble()
    {
        const int rows = 400, width = 4;
        Random random = new(9);

        // Dimensions whose differences are in the seventh digit.
        float[] values = [.. Enumerable.Range(0, rows).SelectMany(i => { float common = (float)(random.NextDouble() * 4096); return new[] { common, common + ((i % 7) / 2048f), common - ((i % 5) / 2048f), (float)random.NextDouble() }; })];
        using VectorSet set = new(values, width);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => (i % 7) / 3)];
        LinearHead[] heads = [.. new[] { double.PositiveInfinity, 0 }.Select(below =>
        {
            HeadFit fit = new([.. labels.Select(_ => 1.0)]) { Rows = set.Block, Labels = labels, Classes = ["a", "b", "c"], Folds = 2, Seed = 4, Threads = 1, Cancel = default, ExactBelow = below };
            (LinearHead head, _, bool converged) = fit.Fit(1e6);
            Assert.True(converged);
            return head;
        })];
        double[][] p = [.. heads.Select(h => { double[] all = new double[rows * 3]; h.Predict(set.Block, 1, (row, of) => of.CopyTo(all.AsSpan((int)row * 3))); return all; })];
        Assert.All(p[0].Zip(p[1]), v => Assert.Equal(v.First, v.Second, 1e-6));
    }

    [Fact]
    public void Product_IsTheChangeOfTheGradient()
    {
        const int rows = 60, width = 6, classes = 4;
        Random random = new(8);
        using VectorSet set = new([.. Enumerable.Range(0, rows * width).Select(_ => (float)random.NextDouble())], width);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)];
        foreach (long room in new[] { 0L, 1L << 20 })
        {
            using SoftmaxLoss loss = new(set.Block, [.. Enumerable.Range(0, rows)], labels, [.. labels.Select(l => 0.5 + l)], classes, 1, room);
            double[] at = Some(), along = Some(), above = new double[loss.Length], below = new double[loss.Length], product = new double[loss.Length];
            loss.Evaluate([.. at.Zip(along, (a, b) => a + (1e-5 * b))], 0.3, above);
            loss.Evaluate([.. at.Zip(along, (a, b) => a - (1e-5 * b))], 0.3, below);
            loss.Evaluate(at, 0.3, new double[loss.Length]);
            loss.Product(along, 0.3, product);
            Assert.All(product.Zip(above.Zip(below, (a, b) => (a - b) / 2e-5)), p => Assert.Equal(p.Second, p.First, 1e-6));

            double[] Some() => [.. Enumerable.Range(0, loss.Length).Select(i => i % LinearRows.Lanes < classes && i / LinearRows.Lanes <= width ? random.NextDouble() - 0.5 : 0)];
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
