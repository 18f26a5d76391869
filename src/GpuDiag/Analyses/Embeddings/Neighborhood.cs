using GpuDiag.Analyses.Duplicates;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Outliers;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Embeddings;

/// <summary>
/// What the graph of neighbours says: of each row, and of all. Everything follows from the graph, the content of the rows
/// and their labels, so it is the same on every machine.
/// </summary>
internal sealed class Neighborhood
{
    /// <summary>Row numbers and sets that results list at most.</summary>
    private const int Listed = 1000, ListedSets = 100;

    private readonly EmbeddedRows rows;
    private readonly RowFacts facts;
    private readonly NeighborGraph graph;
    private readonly OutlierScores outliers;
    private readonly LabelAgreement agreement;
    private readonly NeighborShapley shapley;
    private readonly DuplicateSets duplicates;

    /// <param name="rows">The data.</param>
    /// <param name="graph">Its rows' neighbours among each other.</param>
    /// <param name="duplicates">Its sets of duplicates.</param>
    public Neighborhood(EmbeddedRows rows, NeighborGraph graph, DuplicateSets duplicates)
    {
        this.rows = rows;
        this.graph = graph;
        this.duplicates = duplicates;
        facts = rows.Facts;
        outliers = new OutlierScores(graph);
        agreement = new LabelAgreement(graph, facts);
        shapley = new NeighborShapley(graph, facts);
    }

    /// <summary>What the rows table says of a row.</summary>
    public RowResult Note(RowResult row)
    {
        long i = row.Row;
        bool scored = !double.IsNaN(outliers.MeanDistance(i));
        return row with
        {
            Outlier = scored ? outliers.IsOutlier(i) : null,
            OutlierScore = Number(outliers.Score(i)),
            OutlierPercentile = Number(outliers.Percentile(i)),
            DuplicateSet = duplicates.Number(i) == DuplicateSets.None ? null : duplicates.Number(i),
            Leak = duplicates.IsLeaked(i),
            LabelAgreement = Number(agreement.WithLabel(i)),
            PredAgreement = Number(agreement.WithPrediction(i)),
            Shapley = Number(shapley.Value(i)),
        };
    }

    public RowFacts Facts => facts;

    /// <summary>Far from all other rows.</summary>
    public bool IsOutlier(long row) => outliers.IsOutlier(row);

    /// <summary>The row's duplicates do not all have one label.</summary>
    public bool HasConflict(long row) => duplicates.Number(row) is >= 0 and var set && duplicates.Sets[set].Conflicting;

    /// <summary>Model and neighbours agree against the label.</summary>
    public bool IsContradicted(long row) => agreement.IsContradicted(row);

    /// <summary>Neighbours have the row's label, more than a fifth of them.</summary>
    public bool SupportsLabel(long row) => agreement.Supports(row);

    /// <summary>The neighbours do not agree on a label; null where none has one.</summary>
    public bool? IsDivided(long row) => agreement.IsDivided(row);

    /// <summary>Rows to look at beside the errors, by reason, each with the worst first: leaks, duplicates, outliers.</summary>
    public IReadOnlyList<IEnumerable<long>> Suspects() => [duplicates.LeakedRows(), duplicates.WorstFirst(), outliers.Rows()];

    /// <summary>
    /// Rows of sets of duplicates, set by set, two rows of each at most: sets whose labels differ first, then by first row.
    /// </summary>
    /// <param name="most">Rows at most.</param>
    public IReadOnlyList<long> DuplicatePairs(int most)
    {
        Dictionary<int, List<long>> pairs = [];
        int[] order = [.. Enumerable.Range(0, duplicates.Sets.Count).OrderBy(s => duplicates.Sets[s].Conflicting ? 0 : 1).Take(most)];
        Array.ForEach(order, set => pairs.Add(set, []));
        for (long row = 0; row < facts.Rows && order.Length > 0; row++)
        {
            if (pairs.TryGetValue(duplicates.Number(row), out List<long>? pair) && pair.Count < 2)
            {
                pair.Add(row);
            }
        }

        return [.. order.SelectMany(set => pairs[set]).Take(most)];
    }

    public NeighborResult Neighbors(ulong seed, int threads)
    {
        double?[] means = [Mean(agreement.WithLabel), Mean(agreement.WithPrediction)];
        List<long> contradicted = [];
        long count = 0;
        for (long row = 0; row < facts.Rows; row++)
        {
            if (agreement.IsContradicted(row))
            {
                count++;
                if (contradicted.Count < Listed)
                {
                    contradicted.Add(row);
                }
            }
        }

        return new NeighborResult(
            rows.Column,
            graph.Metric == VectorMetric.Cosine ? "cosine" : "l2",
            rows.Vectors.Width,
            graph.K,
            outliers.Scored,
            means[0],
            means[1],
            count,
            contradicted,
            RowOrderTest.Run(graph, seed, threads));
    }

    public OutlierResult Outliers()
    {
        long[] far = outliers.Rows();
        (long evaluated, long correct) = Tally(Enumerable.Range(0, far.Length).Select(i => far[i]));
        (long all, long allCorrect) = Tally(AllRows());
        return new OutlierResult(
            far.Length,
            Number(outliers.Median),
            Number(outliers.Threshold),
            evaluated - correct,
            Intervals.Proportion(correct, evaluated),
            Intervals.Proportion(allCorrect - correct, all - evaluated),
            evaluated == 0 ? null : TwoProportion.PValueLower(correct, evaluated, allCorrect - correct, all - evaluated),
            far[..Math.Min(Listed, far.Length)]);
    }

    /// <param name="exactRows">Rows of the data that equal another.</param>
    /// <param name="trainThreshold">Null without a training set.</param>
    public DuplicateResult Duplicates(long exactRows, double? trainThreshold)
    {
        (long evaluated, long correct) = Tally(AllRows().Where(r => !duplicates.IsLeaked(r)));
        IEnumerable<DuplicateSetResult> largest = duplicates.Sets
            .Select((s, i) => new DuplicateSetResult(i, s.FirstRow, s.Rows, s.TrainRows, s.Conflicting, duplicates.HasLeak(i)))
            .OrderByDescending(s => s.Rows + s.TrainRows)
            .ThenBy(s => s.FirstRow)
            .Take(ListedSets);
        return new DuplicateResult(
            duplicates.Sets.Count,
            duplicates.Sets.Sum(s => s.Rows),
            exactRows,
            duplicates.Sets.Count(s => s.Conflicting),
            duplicates.LeakedRows().LongCount(),
            Number(NearVectors.Threshold(graph)),
            Number(trainThreshold ?? double.NaN),
            Intervals.Proportion(correct, evaluated),
            new Dictionary<string, Estimate>(),
            [.. largest]);
    }

    /// <summary>The training set, or another split, holds the row too.</summary>
    public bool IsLeaked(long row) => duplicates.IsLeaked(row);

    /// <summary>Leaked rows by label and prediction, none of them null.</summary>
    public IReadOnlyList<Cell> LeakedCells() =>
        [.. duplicates.LeakedRows()
            .Where(r => facts.Label[r] != Domain.Null && facts.Prediction[r] != Domain.Null)
            .GroupBy(r => (facts.Label[r], facts.Prediction[r]))
            .Select(g => new Cell(0, g.Key.Item1, g.Key.Item2, g.LongCount()))];

    private static double? Number(double value) => double.IsNaN(value) ? null : value;

    private IEnumerable<long> AllRows()
    {
        for (long row = 0; row < facts.Rows; row++)
        {
            yield return row;
        }
    }

    private (long Evaluated, long Correct) Tally(IEnumerable<long> of)
    {
        long evaluated = 0, correct = 0;
        foreach (long row in of)
        {
            bool both = facts.Label[row] != Domain.Null && facts.Prediction[row] != Domain.Null;
            evaluated += both ? 1 : 0;
            correct += both && facts.Label[row] == facts.Prediction[row] ? 1 : 0;
        }

        return (evaluated, correct);
    }

    private double? Mean(Func<long, double> share)
    {
        FixedSum sum = default;
        long count = 0;
        foreach (double value in AllRows().Select(share).Where(v => !double.IsNaN(v)))
        {
            sum = sum.Add(FixedSum.Quantize(value));
            count++;
        }

        return count == 0 ? null : sum.ToDouble() / count;
    }
}
