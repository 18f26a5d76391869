using GpuDiag.Analyses.Results;

namespace GpuDiag.Tests.Analyses.PipelineChecks;

public sealed class FalseAlarmTests
{
    /// <summary>Rows of sound data, drawn at random: no check may fail more often than it says.</summary>
    [Fact]
    public void Checks_FailOnAThousandSoundDatasetsNoOftenerThanStated()
    {
        const int Datasets = 1000;
        Dictionary<string, int> alarms = [];
        Dictionary<string, double> rates = [];
        Parallel.For(0, Datasets, d =>
        {
            PipelineResult result = Sound(new Random(d)).Run();
            lock (alarms)
            {
                foreach (PipelineCheck check in result.Checks.Where(c => c.Status != PipelineCheck.Inapplicable))
                {
                    rates[check.Code] = check.FalseAlarmRate;
                    alarms[check.Code] = alarms.GetValueOrDefault(check.Code) + (check.Status == PipelineCheck.Failing ? 1 : 0);
                }
            }
        });
        Assert.Equal(12, rates.Count);

        // At the stated rate of 1e-3 more than 5 of 1,000 alarms happen in six of 10,000 runs; a fact never fails.
        Assert.All(alarms, a => Assert.InRange(a.Value, 0, rates[a.Key] == 0 ? 0 : 5));
        Assert.InRange(alarms.Values.Sum(), 0, 12);
    }

    /// <summary>Rows without any skill are the edge of the null hypotheses: shifts and maps must not look better than nothing.</summary>
    [Fact]
    public void Checks_DoNotFailWhereTheModelKnowsNothing()
    {
        int[] alarms = new int[1];
        Parallel.For(0, 1000, d =>
        {
            Random random = new(5000 + d);
            CheckRows rows = CheckRows.Sound(random, random.Next(40, 1500), random.Next(2, 8), 0, 1 - (0.5 * random.NextDouble()));
            Interlocked.Add(ref alarms[0], rows.Run().Failed.Count());
        });
        Assert.InRange(alarms[0], 0, 8);
    }

    private static CheckRows Sound(Random random)
    {
        int count = random.Next(30, 2500), classes = random.Next(2, 30);
        CheckRows rows = CheckRows.Sound(random, count, classes, 0.2 + (0.8 * random.NextDouble()), 1 - (0.3 * random.NextDouble()));
        int files = random.Next(1, 8);
        return new CheckRows(rows.Labels, rows.Predictions)
        {
            Splits = [.. rows.Labels.Select(_ => random.Next(3) == 0 ? "test" : "train")],
            FileStarts = [0, .. Enumerable.Range(1, files - 1).Select(f => f * count / files)],
            Probabilities = [.. rows.Labels.Select(l => Probabilities(random, classes, l))],
        };
    }

    private static double[] Probabilities(Random random, int classes, int label)
    {
        double[] weights = [.. Enumerable.Range(0, classes).Select(k => Math.Exp(3 * (random.NextDouble() + (k == label ? 0.7 : 0))))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
