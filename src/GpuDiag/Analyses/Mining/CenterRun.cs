using GpuDiag.Analyses.Embeddings;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>The strategy k-center over a whole pool.</summary>
internal static class CenterRun
{
    private const ulong FirstStream = 0x46697273;

    public static Choice Choose(MineContext context)
    {
        double[] squared = EmbeddedRows.Squares(context.Pool, context.Threads);
        (double[] distance, long[] trainRow) = RankedRun.NearestTrain(context.Pool.Rows, context.Train is { } train ? context.PoolNearest(train, "looking into train") : []);
        double[] toTrain = [.. distance];
        long excluded = 0, inTrain = 0, first = -1;
        for (long row = 0; row < squared.Length; row++)
        {
            if (VectorDistance.IsExcluded(context.Metric, squared[row]))
            {
                (distance[row], excluded) = (double.NaN, excluded + 1);
            }
            else
            {
                inTrain += distance[row] == 0 ? 1 : 0;
            }
        }

        // Without a training set the first center is drawn; the nearest usable row from there on.
        ulong drawn = Philox4x32.At(context.Options.Seed, FirstStream, 0).First % (ulong)squared.Length;
        for (long step = 0; step < squared.Length && first < 0; step++)
        {
            long row = ((long)drawn + step) % squared.Length;
            first = double.IsNaN(distance[row]) ? -1 : row;
        }

        int budget = context.Options.Budget;
        List<(long Row, double Distance)> chosen = CenterChoice.Run(
            context.Pool, distance, context.Metric, budget, first, context.Threads, done => context.Tell("choosing", done, budget), context.Cancel);
        Choice choice = new(
            [.. chosen.Select(c => new ChosenRow(new Candidate(c.Row, c.Distance, -1, double.NaN), c.Distance, trainRow[c.Row], toTrain[c.Row]))],
            excluded, null, inTrain, 0, []);
        return context.Anchors is { } anchors ? RankedRun.WithAnchors(context, anchors, choice) : choice;
    }
}
