using GpuDiag.Analyses.Embeddings;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>
/// Strategies that rank pool rows by a score of their own: the best so many of each cluster of failures (of the whole pool
/// without cases) are candidates; of these, rows that the training set has are left out, and the budget is chosen.
/// </summary>
internal static class RankedRun
{
    /// <summary>Candidates per row of a quota, and beside them, so that what is left out does not empty a cluster's list.</summary>
    private const int PerQuota = 8, Beside = 1024;

    /// <summary>Rows drawn to tell a scale where the failures themselves do not.</summary>
    private const int ScaleSample = 2048;

    private const ulong ScaleStream = 0x5363616C, RandomStream = 0x52616E64;

    public static Choice Choose(MineContext context)
    {
        bool byFailures = context.Options.Strategy == MineStrategy.Failures;
        Anchors? anchors = context.Anchors;
        double? scale = anchors is null ? null : Scale(context, anchors);
        int[] quotas = anchors is null ? [] : Quotas.Share(context.Options.Budget, [.. anchors.Table.Select(g => g.Severity)]);
        for (long factor = 1; ; factor *= 8)
        {
            Candidates[] lists = Lists(context, byFailures ? quotas : [context.Options.Budget], factor);
            long excluded = Offer(context, lists, byFailures ? anchors : null, scale ?? 1);
            Choice choice = Pick(context, lists, byFailures ? quotas : [context.Options.Budget], scale, byFailures);
            choice = choice with { Excluded = excluded, Quotas = byFailures ? quotas : [] };
            if (choice.Rows.Count == context.Options.Budget || !lists.Any(l => l.WasCut))
            {
                return byFailures || anchors is null ? choice : WithAnchors(context, anchors, choice);
            }
        }
    }

    /// <summary>The nearest failure of rows that were not chosen by it, so that their reasons can be compared.</summary>
    internal static Choice WithAnchors(MineContext context, Anchors anchors, Choice choice)
    {
        if (choice.Rows.Count == 0)
        {
            return choice;
        }

        using GatheredVectors vectors = GatheredVectors.Of(context.Pool, [.. choice.Rows.Select(r => r.Candidate.Row)]);
        ChosenRow[] rows = [.. choice.Rows];
        foreach (NeighborState piece in context.Nearest(vectors.Block, anchors.Block).Pieces())
        {
            for (long i = 0; i < piece.Plan.Queries.Rows; i++)
            {
                ref ChosenRow row = ref rows[piece.Plan.Queries.FirstRow + i];
                double distance = VectorDistance.FromKey(context.Metric, piece.Keys(i)[0]);
                row = row with { Candidate = row.Candidate with { Anchor = (int)piece.Rows(i)[0], Distance = distance } };
            }
        }

        return choice with { Rows = rows, Scale = choice.Scale ?? Scale(context, anchors) };
    }

    /// <summary>Distances of rows to the nearest training row, and which it is; +∞ and −1 without a training set.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="found">Of each the nearest, if there is a training set.</param>
    internal static (double[] Distance, long[] Row) NearestTrain(long rows, IEnumerable<KnnList> found)
    {
        double[] distance = new double[rows];
        long[] row = new long[rows];
        Array.Fill(distance, double.PositiveInfinity);
        Array.Fill(row, -1);
        foreach (KnnList list in found)
        {
            if (list.Count > 0)
            {
                (distance[list.Query], row[list.Query]) = (list.Distances[0], list.Neighbors[0]);
            }
        }

        return (distance, row);
    }

    /// <summary>τ: the failures' median distance to the nearest other failure; where that is none or 0, the median of drawn pool rows to the nearest failure; else 1.</summary>
    private static double Scale(MineContext context, Anchors anchors)
    {
        double spacing = anchors.Spacing(context.Backend, context.Metric, context.Threads, context.Memory, context.Cancel);
        if (spacing > 0)
        {
            return spacing;
        }

        long[] drawn = context.Pool.Rows <= ScaleSample
            ? [.. Enumerable.Range(0, (int)context.Pool.Rows).Select(r => (long)r)]
            : [.. Enumerable.Range(0, ScaleSample).Select(i => (long)(Philox4x32.At(context.Options.Seed, ScaleStream, (ulong)i).First % (ulong)context.Pool.Rows))];
        using GatheredVectors sample = GatheredVectors.Of(context.Pool, drawn);
        double median = Anchors.Median(context.Nearest(sample.Block, anchors.Block), context.Metric);
        return median > 0 ? median : 1;
    }

    private static Candidates[] Lists(MineContext context, int[] quotas, long factor) =>
        [.. quotas.Select(q => new Candidates((int)Math.Min(Math.Min(context.Pool.Rows, int.MaxValue / 4), factor * ((PerQuota * (long)q) + context.Options.Budget + Beside))))];

    /// <summary>Offers every usable pool row to the list of its cluster; gives the number of the others.</summary>
    private static long Offer(MineContext context, Candidates[] lists, Anchors? anchors, double scale)
    {
        long excluded = 0;
        if (anchors is null)
        {
            double[] squares = EmbeddedRows.Squares(context.Pool, context.Threads);
            for (long row = 0; row < context.Pool.Rows; row++)
            {
                if (VectorDistance.IsExcluded(context.Metric, squares[row]))
                {
                    excluded++;
                }
                else
                {
                    lists[0].Add(new Candidate(row, PlainScore(context, row), -1, double.NaN));
                }
            }

            return excluded;
        }

        foreach (KnnList found in context.PoolNearest(anchors.Block, "searching"))
        {
            if (found.Count == 0)
            {
                excluded++;
                continue;
            }

            int anchor = (int)found.Neighbors[0];
            double distance = found.Distances[0];
            lists[anchors.Groups[anchor]].Add(new Candidate(found.Query, FailureScore(context, found.Query, distance, scale), anchor, distance));
        }

        return excluded;
    }

    /// <summary>ln(e^(−d/τ) · (1 + u)/2) with u = 1 − margin, 0 where it is not known.</summary>
    private static double FailureScore(MineContext context, long row, double distance, double scale)
    {
        double margin = context.Scores?.Margin[row] ?? 1;
        double unsure = double.IsNaN(margin) ? 0 : 1 - margin;
        return Deterministic.Sub(Deterministic.Log((1 + unsure) / 2), Deterministic.Div(distance, scale));
    }

    private static double PlainScore(MineContext context, long row)
    {
        double score = context.Options.Strategy switch
        {
            MineStrategy.LeastConfidence => 1 - context.Scores!.Confidence[row],
            MineStrategy.Margin => 1 - context.Scores!.Margin[row],
            MineStrategy.Entropy => context.Scores!.Entropy[row],
            _ => Philox4x32.UnitOpen(Philox4x32.At(context.Options.Seed, RandomStream, (ulong)row).First),
        };
        return double.IsNaN(score) ? double.NegativeInfinity : score;
    }

    private static Choice Pick(MineContext context, Candidates[] lists, int[] quotas, double? scale, bool byFailures)
    {
        List<Candidate> candidates = [];
        List<int> groups = [];
        for (int g = 0; g < lists.Length; g++)
        {
            foreach (Candidate candidate in lists[g].Finish())
            {
                candidates.Add(candidate);
                groups.Add(g);
            }
        }

        if (candidates.Count == 0)
        {
            return new Choice([], 0, scale, 0, 0, []);
        }

        using GatheredVectors vectors = GatheredVectors.Of(context.Pool, [.. candidates.Select(c => c.Row)]);
        (double[] distance, long[] trainRow) = NearestTrain(candidates.Count, context.Train is { } train ? context.PoolNearest(vectors.Block, train, "looking into train") : []);
        long inTrain = distance.LongCount(d => d == 0);
        double[] toTrain = [.. distance];
        if (!byFailures)
        {
            int[] taken = [.. Enumerable.Range(0, candidates.Count).Where(i => distance[i] > 0).Take(context.Options.Budget)];
            return new Choice([.. taken.Select(i => new ChosenRow(candidates[i], candidates[i].Score, trainRow[i], toTrain[i]))], 0, scale, inTrain, 0, []);
        }

        double[] squared = EmbeddedRows.Squares(vectors.Block, context.Threads);
        GreedyChoice greedy = new(vectors.Block, squared, [.. candidates], [.. groups], distance, context.Metric, scale!.Value);
        greedy.Run(quotas, context.Options.Budget, context.Cancel);
        ChosenRow[] rows = [.. greedy.Chosen.Select((i, n) => new ChosenRow(candidates[i], Deterministic.Exp(greedy.Gains[n]), trainRow[i], toTrain[i]))];
        return new Choice(rows, 0, scale, inTrain, greedy.Repeated, []);
    }
}
