using System.Text.Json.Nodes;
using GpuDiag.Analyses.Retraining;
using GpuDiag.Tests.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Golden;

/// <summary>Heads against the optimum of scikit-learn's LogisticRegression (tools/peers/make_retrain_golden.py).</summary>
public sealed class RetrainGoldenTests
{
    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)] // steps by products in float32
    public void Probabilities_AreThoseOfScikitLearnsOptimum(double exactBelow)
    {
        JsonArray cases = JsonNode.Parse(GoldenData.Bytes("retrain.json"))!["cases"]!.AsArray();
        Assert.Equal(5, cases.Count);
        foreach (JsonNode? golden in cases)
        {
            int rows = (int)golden!["rows"]!, width = (int)golden["width"]!, classes = (int)golden["classes"]!;
            double[] reference = [.. golden["probabilities"]!.AsArray().SelectMany(p => p!.AsArray()).Select(v => (double)v!)];
            double[]? bits = null;
            foreach (int threads in new[] { 1, 3 })
            {
                double[] found = Fit(rows, width, classes, (double)golden["c"]!, (bool)golden["balanced"]!, (bool)golden["scaled"]!, threads, exactBelow);
                Assert.All(reference.Zip(found), p => Assert.Equal(p.First, p.Second, 1e-6));
                Assert.Equal(bits ??= found, found);
            }
        }
    }

    private static double[] Fit(int rows, int width, int classes, double c, bool balanced, bool scaled, int threads, double exactBelow)
    {
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => ((i * 7) + (i / 5)) % classes)];
        float[] values = new float[rows * width];
        for (int i = 0; i < rows; i++)
        {
            for (int d = 0; d < width; d++)
            {
                double value = (((((i * 31) + (d * 17) + (i * d % 13)) % 29) - 14) / 10.0) + (d % classes == labels[i] ? 1.5 : 0);
                values[(i * width) + d] = (float)(scaled ? (value * Math.Pow(4, (d % 5) - 2)) + (d % 3) : value);
            }
        }

        using VectorSet set = new(values, width);
        HeadFit fit = new(balanced ? HeadFit.Balanced(labels, classes) : [.. labels.Select(_ => 1.0)])
        {
            Rows = set.Block,
            Labels = labels,
            Classes = [.. Enumerable.Range(0, classes).Select(k => $"{k}")],
            Folds = 5,
            Seed = 0,
            Threads = threads,
            Cancel = default,
            ExactBelow = exactBelow,
        };
        (LinearHead head, _, bool converged) = fit.Fit(c);
        Assert.True(converged);
        double[] all = new double[rows * classes];
        head.Predict(set.Block, threads, (row, p) => p.CopyTo(all.AsSpan((int)row * classes)));
        return all[..(25 * classes)];
    }
}
