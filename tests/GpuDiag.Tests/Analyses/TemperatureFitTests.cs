using GpuDiag.Analyses.Reliability;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Tests.Analyses;

public sealed class TemperatureFitTests
{
    /// <summary>Two classes with log-odds x: NLL = Σ ln(1 + e^−βx) over right rows + ln(1 + e^βx) over wrong ones; if a share r is right, β·x = ln(r/(1 − r)).</summary>
    [Theory]
    [InlineData(0.9, 0.6)]
    [InlineData(0.99, 0.51)]
    [InlineData(0.6, 0.99)]
    [InlineData(0.55, 0.999)]
    [InlineData(0.7, 0.7)]
    public void Temperature_OfOneConfidence_MakesItTheShareOfRightRows(double confidence, double right)
    {
        (double? temperature, int evaluations) = Fit((confidence, (long)(right * 1000), 1000 - (long)(right * 1000)));
        Assert.Equal(Math.Log(confidence / (1 - confidence)) / Math.Log(right / (1 - right)), temperature!.Value, 1e-7 * temperature.Value);
        Assert.InRange(evaluations, 1, 14);
    }

    [Fact]
    public void Temperature_IsNone_WhereTheOptimumRunsAwayOrNothingDependsOnIt()
    {
        Assert.Null(Fit((0.8, 50, 0)).Temperature);
        Assert.Null(Fit((0.8, 0, 50)).Temperature);
        Assert.Null(Fit((0.8, 20, 30)).Temperature);
        Assert.Null(Fit((0.5, 20, 30)).Temperature);
        Assert.InRange(Fit((0.8, 50, 0)).Evaluations, 1, 6);
    }

    [Fact]
    public void Temperature_IsNone_ForTooFewRows()
    {
        Assert.Equal((null, 0), Fit((0.8, 1, 0)));
        ScoreState scores = new(new ScorePlan(new Domain("classes"), [], [new Domain("site")]));
        scores.Plan.Segments[0].Code("few");
        scores.Overall.Add(0, new ScoreCell { Scored = 100 });
        scores.Segments[0].Add(0, new ScoreCell { Scored = 71 });
        scores.Segments[0].Add(1, new ScoreCell { Scored = 29 });
        double[][] betas = new TemperatureFit(scores, 30).NextPlan()!.Betas;
        Assert.Equal([1.0], betas[0]);
        Assert.Equal([1.0, double.NaN], betas[1]);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(98, 1)]
    [InlineData(70, 3)]
    public void Temperature_OfAllRows_IsFoundInAPassFromThatOfAGoodSample(long sampledWrong, int passes)
    {
        (double, long, long)[] all = [(0.99, 8000, 1000), (0.7, 500, 500)];
        (double? cold, _) = Fit(all);
        TemperatureFit sample = Run(null, (0.99, 800, sampledWrong), (0.7, 50, 50)).Fit;
        (TemperatureFit fit, int evaluations) = Run(sample, all);
        Assert.Equal(cold!.Value, fit.Overall!.Value, 3e-7 * cold.Value);
        Assert.InRange(evaluations, 1, passes);
    }

    [Fact]
    public void Temperature_DoesNotDependOnTheSample_WhereThatHasNone()
    {
        (double, long, long)[] all = [(0.9, 600, 400)];
        double cold = Fit(all).Temperature!.Value;
        Assert.Equal(cold, Run(Run(null, (0.9, 80, 0)).Fit, all).Fit.Overall!.Value, 3e-7 * cold);
        Assert.Equal(cold, Run(Run(null, (0.9, 0, 80)).Fit, all).Fit.Overall!.Value, 3e-7 * cold);
        (TemperatureFit none, int evaluations) = Run(Run(null, (0.9, 80, 0)).Fit, (0.9, 800, 0));
        Assert.Equal((null, 1), (none.Overall, evaluations));
    }

    /// <summary>Rows of two classes with the same confidence in the prediction, some right, some wrong.</summary>
    private static (double? Temperature, int Evaluations) Fit(params (double Confidence, long Right, long Wrong)[] groups)
    {
        (TemperatureFit fit, int evaluations) = Run(null, groups);
        return (fit.Overall, evaluations);
    }

    private static (TemperatureFit Fit, int Evaluations) Run(TemperatureFit? sample, params (double Confidence, long Right, long Wrong)[] groups)
    {
        ScoreState scores = new(new ScorePlan(new Domain("classes"), [1, 2], []));
        scores.Overall.Add(0, new ScoreCell { Scored = groups.Sum(g => g.Right + g.Wrong) });
        TemperatureFit fit = new(scores, 2, sample);
        int evaluations = 0;
        while (fit.NextPlan() is { } plan)
        {
            TemperState state = new(plan);
            foreach ((double confidence, long right, long wrong) in groups)
            {
                for (int t = 0; t < plan.Betas.Length; t++)
                {
                    Add(ref state.Cells[t][0], confidence, 0, right, plan.Betas[t][0]);
                    Add(ref state.Cells[t][0], confidence, 1, wrong, plan.Betas[t][0]);
                }
            }

            fit.Accept(state);
            evaluations++;
        }

        return (fit, evaluations);
    }

    private static unsafe void Add(ref TemperCell cell, double confidence, int label, long count, double beta)
    {
        double[] p = [confidence, 1 - confidence];
        fixed (double* values = p)
        {
            Temper row = Temper.Of(new DoubleRow(values), 2, label, p.Max(), beta);
            FixedSum Times(double value) => new(count * (Int128)FixedSum.Quantize(value * Temper.Scale));
            cell = new TemperCell(cell.Rows + count, cell.Loss + Times(row.Loss), cell.Gradient + Times(row.Gradient), cell.Curvature + Times(row.Curvature));
        }
    }
}
