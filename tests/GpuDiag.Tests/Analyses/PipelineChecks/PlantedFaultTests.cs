using GpuDiag.Analyses.Results;

namespace GpuDiag.Tests.Analyses.PipelineChecks;

/// <summary>Each fault planted into sound rows is found, and nothing else.</summary>
public sealed class PlantedFaultTests
{
    private static CheckRows Sound(int rows = 2000, int classes = 10, double skill = 0.8, int seed = 1) => CheckRows.Sound(new Random(seed), rows, classes, skill);

    [Fact]
    public void SoundRows_FailNothing() => Assert.Empty(Sound().Failed());

    [Fact]
    public void ClassMap_FindsARotationAndWhatItWouldGain()
    {
        CheckRows sound = Sound();
        PipelineResult result = sound.With([.. sound.Predictions.Select(p => (p + 3) % 10)]).Run();
        PipelineCheck check = Assert.Single(result.Failed);
        double accuracy = (double)sound.Labels.Zip(sound.Predictions).Count(r => r.First == r.Second) / 2000;
        Assert.Equal(("class_map", 2000), (check.Code, check.Rows));
        Assert.Equal(accuracy, check.AccuracyIfFixed.Value!.Value, 1e-12);
        Assert.Equal("c001", check.Evidence["pred c004"]);
        Assert.InRange(check.PValue!.Value, 0, 1e-30);

        // Codes are 1 more than class numbers here.
        Assert.Equal("class_map", result.Verdict.Cause(0, 2, 5));
        Assert.Null(result.Verdict.Cause(0, 3, 5));
    }

    [Fact]
    public void ClassMap_FindsTwoSwappedClassesAmongMany()
    {
        CheckRows sound = Sound(classes: 20, rows: 4000);
        PipelineCheck check = Assert.Single(sound.With([.. sound.Predictions.Select(p => p == 3 ? 7 : p == 7 ? 3 : p)]).Run().Failed);
        Assert.Equal(["c007", "c003"], [check.Evidence["pred c003"], check.Evidence["pred c007"]]);
        Assert.Equal(2L, check.Evidence["classes"]);
    }

    [Fact]
    public void ClassMap_FindsPredictionsThatCountFromOneAndNamesThatAreNumbers()
    {
        CheckRows sound = Sound();
        Assert.Equal(["class_map"], sound.With([.. sound.Predictions.Select(p => p + 1)]).Failed().Except(["class_never_labelled", "class_never_predicted"]));
        PipelineCheck other = sound.With([.. sound.Predictions.Select(p => p + 50)]).Run().Checks.Single(c => c.Code == "class_map");
        Assert.Equal("c004", other.Evidence["pred c054"]);
        Assert.InRange(other.AccuracyIfFixed.Value!.Value, 0.75, 0.9);
    }

    [Fact]
    public void ClassMap_LeavesAModelThatMerelyFavoursTheCommonClass()
    {
        // Most of class 0 are predicted as 1: the exchange would gain, but agree no better than chance.
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 900 ? 0 : 1)];
        int[] predictions = [.. Enumerable.Range(0, 1000).Select(i => i < 300 ? 0 : 1)];
        Assert.Equal(PipelineCheck.Passing, new CheckRows(labels, predictions).Run().Checks.Single(c => c.Code == "class_map").Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(-8)]
    public void Shift_FindsHowFarAndExplainsTheRows(int shift)
    {
        CheckRows sound = Sound();
        int[] predictions = [.. Enumerable.Range(0, 2000).Select(i => sound.Predictions[Math.Clamp(i + shift, 0, 1999)])];
        PipelineResult result = sound.With(predictions).Run();
        PipelineCheck check = Assert.Single(result.Failed);
        Assert.Equal(("shifted_labels", (long)shift), (check.Code, check.Evidence["shift"]));
        Assert.InRange(check.AccuracyIfFixed.Value!.Value, 0.78, 0.88);
        Assert.Equal(predictions[1000] == sound.Labels[1000 + shift], result.Verdict.Explains(1000, sound.Labels[1000] + 1, predictions[1000] + 1));
    }

    [Fact]
    public void Shift_FindsFromWhichRowOn()
    {
        CheckRows sound = Sound(8000);
        PipelineResult result = sound.With([.. Enumerable.Range(0, 8000).Select(i => i < 5000 ? sound.Predictions[i] : sound.Predictions[Math.Min(i + 1, 7999)])]).Run();
        PipelineCheck check = result.Failed.First();
        Assert.Equal(("shifted_labels", 1L, 7999L), (check.Code, check.Evidence["shift"], check.Evidence["last_row"]));
        Assert.InRange((long)check.Evidence["first_row"]!, 4750, 5250);
        Assert.Null(result.Verdict.Cause(100, 1, 2));
    }

    [Fact]
    public void Files_FindTheOneThatAnotherModelMade()
    {
        CheckRows sound = Sound(3000).With(fileStarts: [0, 700, 1500, 1900]);
        Random random = new(3);
        PipelineResult result = sound.With([.. sound.Predictions.Select((p, i) => i is >= 1500 and < 1900 ? random.Next(10) : p)]).Run();
        Assert.Equal(["file", "row_range"], result.Failed.Select(c => c.Code));
        Assert.Equal(("part2.parquet", 1500L, 1899L), (result.Failed.First().Evidence["file"], result.Failed.First().Evidence["first_row"], result.Failed.First().Evidence["last_row"]));
        Assert.Equal("row_range", result.Verdict.Cause(1600, 1, 2));
        Assert.Null(result.Verdict.Cause(1300, 1, 2));
    }

    [Fact]
    public void Stretch_FindsRowsOfDefaultLabels()
    {
        CheckRows sound = Sound(3200);
        int[] labels = [.. sound.Labels.Select((l, i) => i is >= 1000 and < 1300 ? 0 : l)];
        PipelineCheck check = Assert.Single(new CheckRows(labels, sound.Predictions).Run().Failed);
        Assert.Equal("row_range", check.Code);
        Assert.InRange((double)check.Evidence["labels_differing"]!, 0.75, 0.95);
        Assert.InRange((double)check.Evidence["accuracy"]!, 0, 0.3);
    }

    [Fact]
    public void Stretch_LeavesRowsThatAreStoredByClass()
    {
        CheckRows sound = Sound(3000);
        int[] order = [.. Enumerable.Range(0, 3000).OrderBy(i => sound.Labels[i])];
        Assert.Empty(new CheckRows([.. order.Select(i => sound.Labels[i])], [.. order.Select(i => sound.Predictions[i])]) { FileStarts = [0, 1000, 2000] }.Failed());
    }

    [Fact]
    public void ConstantPrediction_IsFound()
    {
        CheckRows sound = Sound();
        Assert.Equal(["constant_prediction", "class_never_predicted"], sound.With([.. sound.Labels.Select(_ => 4)]).Failed());
    }

    [Fact]
    public void Classes_OnOneSideOnlyAreFound()
    {
        CheckRows sound = Sound();
        PipelineCheck never = Assert.Single(sound.With([.. sound.Predictions.Select(p => p == 6 ? 2 : p)]).Run().Failed);
        Assert.Equal(("class_never_predicted", true), (never.Code, never.Evidence.ContainsKey("rows c006")));
        PipelineCheck extra = Assert.Single(sound.With([.. sound.Predictions.Select((p, i) => i % 20 == 0 ? 11 : p)]).Run().Failed);
        Assert.Equal(("class_never_labelled", 100L), (extra.Code, extra.Evidence["rows c011"]));
    }

    [Fact]
    public void Splits_ThatAreSwappedAreFound()
    {
        Random random = new(2);
        CheckRows sound = Sound();
        string[] splits = [.. sound.Labels.Zip(sound.Predictions).Select(r => r.First != r.Second || random.Next(3) == 0 ? "Training" : "holdout")];
        Assert.Equal(["splits_swapped"], sound.With(splits: splits).Failed());
        Assert.Empty(sound.With(splits: [.. splits.Select(s => s == "holdout" ? "train" : "test")]).Failed());
    }

    [Fact]
    public void SoftmaxTwice_IsFoundAndOnceIsNot()
    {
        Random random = new(4);
        CheckRows sound = Sound(classes: 5, skill: 0.9);
        double[][] once = [.. sound.Labels.Select(l => Softmax([.. Enumerable.Range(0, 5).Select(k => (5 * random.NextDouble()) + (k == l ? 3 : 0))]))];
        Assert.Empty(new CheckRows(sound.Labels, sound.Predictions) { Probabilities = once }.Failed());
        Assert.Equal(["softmax_twice"], new CheckRows(sound.Labels, sound.Predictions) { Probabilities = [.. once.Select(Softmax)] }.Failed());
    }

    [Fact]
    public void ConstantProbabilities_AreFound() =>
        Assert.Equal(["constant_probabilities"], new CheckRows(Sound().Labels, Sound().Predictions) { Probabilities = [.. Enumerable.Repeat((double[])[.9, .1, 0, 0, 0, 0, 0, 0, 0, 0], 2000)] }.Failed());

    private static double[] Softmax(double[] logits)
    {
        double[] weights = [.. logits.Select(Math.Exp)];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
