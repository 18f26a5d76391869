using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Tests.Analyses.PipelineChecks;

/// <summary>Rows in memory for the checks: labels and predictions as class numbers, −1 for none, and what else a test sets.</summary>
internal sealed class CheckRows
{
    public CheckRows(int[] labels, int[] predictions) => (Labels, Predictions) = (labels, predictions);

    public int[] Labels { get; }

    public int[] Predictions { get; }

    public string[]? Splits { get; init; }

    public double[][]? Probabilities { get; init; }

    /// <summary>First rows of the files.</summary>
    public int[] FileStarts { get; init; } = [0];

    /// <summary>
    /// A sound model on rows in random order: labels of unequal frequencies, a share of them right, the others predicted by
    /// the frequencies, so that no class is favoured.
    /// </summary>
    public static CheckRows Sound(Random random, int rows, int classes, double skill, double imbalance = 1)
    {
        double[] weights = [.. Enumerable.Range(0, classes).Select(k => Math.Pow(imbalance, k))];
        int Draw()
        {
            double at = random.NextDouble() * weights.Sum();
            int k = 0;
            while (k < classes - 1 && at >= weights[k])
            {
                at -= weights[k++];
            }

            return k;
        }

        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => Draw())];
        return new CheckRows(labels, [.. labels.Select(l => random.NextDouble() < skill ? l : Draw())]);
    }

    public CheckRows With(int[] predictions) =>
        new(Labels, predictions) { Splits = Splits, Probabilities = Probabilities, FileStarts = FileStarts };

    public CheckRows With(string[]? splits = null, int[]? fileStarts = null) =>
        new(Labels, Predictions) { Splits = splits, Probabilities = Probabilities, FileStarts = fileStarts ?? FileStarts };

    public PipelineResult Run(Func<CheckFacts, CheckFacts>? change = null)
    {
        int count = Labels.Length;
        Domain classes = new("class"), splits = new("split");
        int classCount = Math.Max(Labels.Max(), Predictions.Max()) + 1;
        int[] codes = [.. Enumerable.Range(0, classCount).Select(k => classes.Code($"c{k:000}"))];
        CountTable table = new(null, classes), bySplit = new(splits, classes);
        int CodeOf(int k) => k < 0 ? Domain.Null : codes[k];
        for (int i = 0; i < count; i++)
        {
            table.Add(0, CodeOf(Labels[i]), CodeOf(Predictions[i]), 1);
            if (Splits is not null)
            {
                bySplit.Add(splits.Code(Splits[i]), CodeOf(Labels[i]), CodeOf(Predictions[i]), 1);
            }
        }

        RowSequence sequence = new(count);
        using (CodeColumn label = new(classes, count), prediction = new(classes, count))
        {
            label.SetLimit(70_000);
            prediction.SetLimit(70_000);
            for (int i = 0; i < count; i++)
            {
                label.Ints[i] = CodeOf(Labels[i]);
                prediction.Ints[i] = CodeOf(Predictions[i]);
            }

            sequence.Accept(0, count, label, prediction);
        }

        ClassOrder order = new(table, []);
        CheckFacts facts = new()
        {
            Sequence = sequence,
            Files = [.. FileStarts.Select((start, i) => new DataFile($"part{i}.parquet", 1, start, (i + 1 < FileStarts.Length ? FileStarts[i + 1] : count) - start))],
            Probabilities = Probabilities is null ? null : Look(classes, codes),
        };
        return CheckCatalogue.Run(new CheckInput
        {
            Matrix = new SegmentCells(table, order).Matrix(0),
            Classes = order,
            Facts = change is null ? facts : change(facts),
            Scores = Probabilities is null ? null : new ScoreCell { Scored = count },
            Splits = Splits is null ? [] : SplitTally.Of(bySplit),
        });
    }

    /// <summary>The codes of the checks that fail.</summary>
    public string[] Failed() => [.. Run().Failed.Select(c => c.Code)];

    private ProbabilityLook Look(Domain classes, int[] codes)
    {
        ProbabilityLook look = new();
        using MatrixColumn matrix = new();
        using CodeColumn label = new(classes, Labels.Length);
        int width = Probabilities![0].Length;
        matrix.Reserve(Labels.Length, width, isDouble: true);
        Span<double> values = matrix.Doubles(Labels.Length);
        label.SetLimit(70_000);
        for (int i = 0; i < Labels.Length; i++)
        {
            Probabilities[i].CopyTo(values[(i * width)..]);
            label.Ints[i] = codes[Labels[i]];
        }

        int[] index = new int[classes.Count];
        Array.Fill(index, -1);
        for (int k = 0; k < codes.Length; k++)
        {
            index[codes[k]] = k;
        }

        look.Accept(new TemperBatch(Labels.Length, matrix, label, []), index);
        return look;
    }
}
