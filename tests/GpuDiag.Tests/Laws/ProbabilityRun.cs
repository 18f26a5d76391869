using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Labels;

namespace GpuDiag.Tests.Laws;

/// <summary>Plans and batches over <see cref="ProbabilityRows"/>.</summary>
internal sealed class ProbabilityRun
{
    private readonly ProbabilityRows table;
    private readonly int width;
    private readonly Domain classes = new("label"), segment = new("segment"), all = new("all");
    private readonly int[] classCodes;
    private readonly List<(int Start, int Rows, RowScores Scores)> scored = [];

    public ProbabilityRun(ProbabilityRows table, int width)
    {
        (this.table, this.width) = (table, width);
        // Columns in an order that is not that of the codes.
        int[] codes = [.. Enumerable.Range(0, table.Classes).Select(k => classes.Code($"c{k}"))];
        classCodes = [.. Enumerable.Range(0, table.Classes).Select(k => codes[(k + 3) % table.Classes])];
        foreach (string s in (ReadOnlySpan<string>)["s2", "s0", "s1", "s3", "s4"])
        {
            segment.Code(s);
        }
    }

    public ScorePlan Score => new(classes, classCodes, [segment, all], TopK: 3);

    public TemperPlan Temper(double beta)
    {
        double[] bySegment = [beta, 1, double.NaN, beta * 1.5, 2];
        return new TemperPlan(classes, classCodes, [segment, all], [[beta], bySegment, [beta, beta]]);
    }

    /// <summary>Partitions at scores that occur, for most classes and segments.</summary>
    public RankPlan Rank(int bits, int keys, bool bySegment)
    {
        int segments = bySegment ? 5 : 1;
        var partitions = new ScorePartition?[segments * table.Classes];
        for (int i = 0; i < partitions.Length; i++)
        {
            IEnumerable<ulong> prefixes = table.Probabilities.Where((p, j) => !double.IsNaN(p) && (j * 7) % 5 == i % 5)
                .Select(p => bits == 0 ? 0 : ScoreKey.Of(p) >> (64 - bits)).Distinct().Take(keys).Order();
            partitions[i] = i % 7 == 6 ? null : new ScorePartition([.. prefixes], bits);
        }

        return new RankPlan(classes, classCodes, bySegment ? segment : null, partitions);
    }

    /// <summary>Thresholds that occur among the probabilities, and one that no row reaches.</summary>
    public ConfidentJointPlan ConfidentJoint(double scale) => new(classes, classCodes, [.. Enumerable.Range(0, table.Classes)
        .Select(k => k % 9 == 8 ? double.PositiveInfinity : k < table.Probabilities.Length && table.Probabilities[k] is > 1e-6 and < 1 and double p ? p : scale / (k + 1))]);

    public ConfidentJointBatch ConfidentJointBatch(int start, int end) => new(end - start, Matrix(start, end), Labels(start, end));

    public ScoreBatch ScoreBatch(int start, int end)
    {
        RowScores scores = new(Math.Max(1, end - start));
        scored.Add((start, end - start, scores));
        return new ScoreBatch(end - start, Matrix(start, end), Labels(start, end), Segments(start, end), scores);
    }

    public TemperBatch TemperBatch(int start, int end) => new(end - start, Matrix(start, end), Labels(start, end), Segments(start, end));

    public Func<int, int, RankBatch> RankBatch(bool bySegment) => (start, end) =>
        new RankBatch(end - start, Matrix(start, end), Labels(start, end), bySegment ? Segments(start, end)[0] : null);

    /// <summary>Every value of every row that was scored, in row order, as bits.</summary>
    public long[] RowValues() => [.. scored.OrderBy(s => s.Start).SelectMany(s => Enumerable.Range(0, s.Rows).SelectMany(r => Values(s.Scores, r)))];

    private static long[] Values(RowScores scores, int r) =>
    [
        scores.ArgMax[r],
        Bits(scores.Confidence[r]), Bits(scores.Margin[r]), Bits(scores.Entropy[r]), Bits(scores.Loss[r]), Bits(scores.LabelProbability[r]),
    ];

    /// <summary>Bits; all NaNs are one.</summary>
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);

    private CodeColumn Labels(int start, int end) => TestColumns.Codes(classes, table.Labels[start..end], width);

    private CodeColumn[] Segments(int start, int end) =>
        [TestColumns.Codes(segment, table.Segments[start..end], width), TestColumns.Codes(all, [.. table.Segments[start..end].Select(_ => "x")], width)];

    private MatrixColumn Matrix(int start, int end)
    {
        MatrixColumn matrix = new();
        int rows = end - start;
        matrix.Reserve(Math.Max(1, rows), table.Classes, table.IsDouble);
        ReadOnlySpan<double> values = table.Probabilities.AsSpan(start * table.Classes, rows * table.Classes);
        if (table.IsDouble)
        {
            values.CopyTo(matrix.Doubles(rows));
            return matrix;
        }

        Span<float> floats = matrix.Floats(rows);
        for (int i = 0; i < values.Length; i++)
        {
            floats[i] = (float)values[i];
        }

        return matrix;
    }
}
