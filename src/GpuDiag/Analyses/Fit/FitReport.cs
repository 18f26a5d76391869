using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Fit;

/// <summary>The report on fit: per split, overall and per class.</summary>
internal static class FitReport
{
    /// <param name="table">Counts by split; null where there is no split and a training set stands beside the data: all rows are test rows then.</param>
    /// <param name="overall">Counts of all rows.</param>
    /// <param name="classes">Turns codes into positions.</param>
    /// <param name="splits">What is known of each split, in the order of results.</param>
    /// <param name="beside">Of a training set beside the data, taken where the data itself has no training rows; null for none.</param>
    /// <param name="facts">Null without an embedding.</param>
    /// <param name="noise">Noise rate of all labels; undefined where it is not known.</param>
    public static FitResult Of(CountTable? table, CountTable overall, ClassOrder classes, IReadOnlyList<SegmentResult> splits, IReadOnlyDictionary<int, Share>? beside, FitFacts? facts, Estimate noise)
    {
        Dictionary<(SplitKind Kind, int Label), Share> shares = Shares(table, overall, beside is null ? SplitKind.Other : SplitKind.Test);
        if (!shares.Keys.Any(k => k.Kind == SplitKind.Train))
        {
            foreach ((int label, Share share) in beside ?? new Dictionary<int, Share>())
            {
                shares[(SplitKind.Train, label)] = share;
            }
        }

        SplitKind test = shares.Keys.Any(k => k.Kind == SplitKind.Test) ? SplitKind.Test : SplitKind.Validation;
        Share Of(SplitKind kind, int label) => shares.GetValueOrDefault((kind, label));
        Share All(SplitKind kind) => shares.Where(s => s.Key.Kind == kind).Aggregate(default(Share), (sum, s) => sum + s.Value);
        Share train = All(SplitKind.Train);
        long commonest = shares.Where(s => s.Key.Kind == SplitKind.Train).Select(s => s.Value.Rows).DefaultIfEmpty(0).Max();
        FitFigures figures = Figures(train, All(test), facts?.Of(SplitKind.Train) ?? default, facts?.Of(test) ?? default, Wilson.Z95) with
        {
            Majority = commonest == train.Rows ? default : new Share(commonest, train.Rows),
            Ceiling = noise is { Value: double rate } ? new Estimate(1 - rate, 1 - noise.High, 1 - noise.Low) : Estimate.Undefined,
        };
        (string verdict, string why) = FitRules.Judge(figures);

        // As many intervals as classes, so that the chance of any missing stays as of one.
        double z = -Normal.Quantile(0.025 / Math.Max(1, classes.Count));
        List<FitClass> byClass = [];
        for (int k = 0; k < classes.Count; k++)
        {
            int code = classes.Codes[k];
            FitFigures own = Figures(Of(SplitKind.Train, code), Of(test, code), facts?[SplitKind.Train, code] ?? default, facts?[test, code] ?? default, z);
            byClass.Add(new FitClass(
                classes.Names[k], own.Train.Rows, own.Train.Estimate, own.New.Rows, own.New.Estimate, own.GapWithoutLeaks, FitRules.Judge(own).Verdict));
        }

        return new FitResult(verdict, why, [.. splits.Select(Split)], [.. figures.Reasons()], byClass);
    }

    private static FitFigures Figures(Share train, Share test, NeighborTally onTrain, NeighborTally onTest, double z) => new()
    {
        Z = z,
        Train = train,
        Test = test,
        Leaked = new Share(onTest.LeakedRight, onTest.Leaked),
        TrainVote = new Share(onTrain.VoteRight, onTrain.Voted),
        TrainVoted = new Share(onTrain.ModelRight, onTrain.Voted),
        TestVote = new Share(onTest.VoteRight, onTest.Voted),
        TestVoted = new Share(onTest.ModelRight, onTest.Voted),
    };

    private static FitSplit Split(SegmentResult split)
    {
        string? name = split.IsNull ? null : split.Value;
        return new FitSplit(name, SplitKinds.Name(SplitKinds.Of(name)), split.Rows, split.Metrics);
    }

    private static Dictionary<(SplitKind Kind, int Label), Share> Shares(CountTable? table, CountTable overall, SplitKind unnamed)
    {
        Dictionary<(SplitKind, int), Share> shares = [];
        foreach (Cell cell in (table ?? overall).Cells.Where(c => c.Label != Domain.Null && c.Prediction != Domain.Null))
        {
            SplitKind kind = table is null || cell.Segment == Domain.Null ? unnamed : SplitKinds.Of(table.Segment!.Text(cell.Segment));
            Share share = new(cell.Label == cell.Prediction ? cell.Count : 0, cell.Count);
            shares[(kind, cell.Label)] = shares.GetValueOrDefault((kind, cell.Label)) + share;
        }

        return shares;
    }
}
