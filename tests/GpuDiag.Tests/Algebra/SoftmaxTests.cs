using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Algebra;

public class SoftmaxTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Probabilities_AreThoseOfTheFormulaInTheCanonicalOrder(int classes)
    {
        var random = new Random(classes);
        double[] logits = [.. Enumerable.Range(0, classes).Select(_ => (random.NextDouble() - 0.5) * 60)];
        double[] probabilities = new double[classes];
        Softmax.Of(logits, probabilities);
        Assert.Equal(1, probabilities.Sum(), 1e-14);
        double top = logits.Max();
        double[] lanes = new double[8];
        for (int k = 0; k < classes; k++)
            lanes[k % 8] += Deterministic.Exp(logits[k] - top);
        double total = lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
        for (int k = 0; k < classes; k++)
        {
            Assert.Equal(Deterministic.Exp(logits[k] - top) / total, probabilities[k]); // To the bit.
            Assert.Equal(Math.Exp(logits[k]) / logits.Sum(Math.Exp), probabilities[k], 1e-14);
        }
        Softmax.Of(logits, logits);
        Assert.Equal(probabilities, logits);
    }

    [Fact]
    public void GreatLogits_DoNotOverflow()
    {
        double[] row = [1e300, 1e300, -1e300];
        Softmax.Of(row, row);
        Assert.Equal([0.5, 0.5, 0], row);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhatHasNoSoftmax_IsNaN(double logit)
    {
        double[] row = [0, logit, 1];
        Softmax.Of(row, row);
        Assert.All(row, p => Assert.True(double.IsNaN(p)));
        double[] none = [double.NegativeInfinity, double.NegativeInfinity];
        Softmax.Of(none, none);
        Assert.All(none, p => Assert.True(double.IsNaN(p)));
    }
}
