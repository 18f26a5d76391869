using GpuDiag.Analyses.Findings;
using GpuDiag.Analyses.Fit;
using GpuDiag.Analyses.Labels;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.PipelineChecks;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Segments;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>From the merged states of a scan to its result. A pure function: the same states give the same bytes everywhere.</summary>
public static class ScanFinish
{
    /// <exception cref="InputException">The positive class is none of the classes, or the task is not binary.</exception>
    public static ScanResult Finish(FinishInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CountTable table = input.Counts.Overall;
        ClassOrder classes = new(table, input.ClassOrder);
        int? positive = Positive(classes, input.PositiveClass);
        bool confidence = input.Counts.Plan.Calibration;
        MetricNames names = new(positive is not null, confidence, input.Scores?.Plan.TopK, input.Rank is not null);

        SegmentCells cells = new(table, classes);
        ConfusionMatrix matrix = cells.Matrix(0);
        MetricSet metrics = new(names);
        RowMetrics.AddConfusion(metrics, matrix, positive, Bootstrap(""));
        if (input.Scores is { } scores)
        {
            RowMetrics.AddScores(metrics, names, scores.Overall[0]);
        }

        CalibrationError error = default;
        CalibrationResult? calibration = null;
        if (confidence)
        {
            error = CalibrationError.Of(table, 0);
            RowMetrics.AddCalibration(metrics, error);
            calibration = Reliabilities.Of(table, 0, error, input.Temperatures?.Overall);
        }

        OneVsRest[]? ranked = input.Rank is null ? null : RowMetrics.AddRanking(metrics, input.Rank, 0, classes, positive, input.RefinedRanks);
        Segment[] segments = SegmentRanking.Rank([.. Enumerable.Range(0, input.Counts.Segments.Count)
            .Where(i => i != input.Hidden && !input.Counts.Plan.Segments[i].Overflowed)
            .SelectMany(i => new SegmentTable(input, i, classes, names, positive).Segments(matrix))]);

        ScanResult result = new()
        {
            Task = positive is null ? "multiclass" : "binary",
            Rows = table.Cells.Sum(c => c.Count),
            Excluded = Excluded(input),
            ClassNames = classes.Names,
            PositiveClass = positive is int p ? classes.Names[p] : null,
            Metrics = metrics,
            IntervalMethod = cells.Bootstraps ? "bootstrap" : "delta",
            Classes = ClassMetrics.Classes(matrix, classes, ranked),
            Confusions = ClassMetrics.Confusions(matrix, classes),
            Segments = [.. segments.Select(s => s.Result)],
            Calibration = calibration,
            LabelIssues = LabelReport.WithAccuracy(input.LabelIssues, matrix),
            Slices = input.Slices,
            Clusters = input.Clusters,
            Map = input.Map,
            Train = input.Train,
            Neighbors = input.Neighbors,
            Outliers = input.Outliers,
            Duplicates = input.Duplicates is { LeakedRows: > 0 } leaky
                ? leaky with { MetricsWithoutLeaks = LeakMetrics.Without(matrix, input.LeakedCells, classes, positive, Bootstrap("without leaks")) }
                : input.Duplicates,
            Fit = Fitted(input, classes, names, positive, matrix),
            Pipeline = input.Checks is { } facts ? Checked(facts) : null,
            ClassOrder = SimilarityOrder.Of(table, classes),
            Curves = input.Rank is null ? null : Curves.Of(input.Rank, classes, positive, input.Threads),
            Findings = [],
        };
        FindingInput found = new(result, matrix, classes, segments, error, input.Scores?.Overall[0]);
        return result with { Findings = FindingCatalogue.Find(found) };

        PipelineResult Checked(CheckFacts noted) => CheckCatalogue.Run(new CheckInput
        {
            Matrix = matrix,
            Classes = classes,
            Facts = noted,
            Scores = input.Scores?.Overall[0],
            Splits = input.Split is int split ? SplitTally.Of(input.Counts.Segments[split]) : [],
            Seed = input.Seed,
            Threads = input.Threads,
        });

        ConfusionBootstrap? Bootstrap(string stream) =>
            cells.Bootstraps ? new ConfusionBootstrap(input.Seed, ConfusionBootstrap.Stream(stream), input.Threads) : null;
    }

    /// <summary>Null without splits and without a training set.</summary>
    private static FitResult? Fitted(FinishInput input, ClassOrder classes, MetricNames names, int? positive, ConfusionMatrix matrix)
    {
        CountTable? splits = input.Split is int place && !input.Counts.Plan.Segments[place].Overflowed ? input.Counts.Segments[place] : null;
        if (splits is null && input.Train is null)
        {
            return null;
        }

        SegmentResult[] each = splits is null ? [] : [.. new SegmentTable(input, input.Split!.Value, classes, names, positive).Segments(matrix)
            .Select(s => s.Result)
            .OrderBy(s => s.IsNull ? 0 : 1)
            .ThenBy(s => s.Value, StringComparer.Ordinal)];
        return FitReport.Of(splits, input.Counts.Overall, classes, each, input.TrainShares, input.Fit, input.LabelIssues?.NoiseRate ?? Estimate.Undefined);
    }

    /// <summary>The position of the positive class of a binary task; null when there are not exactly two classes.</summary>
    internal static int? Positive(ClassOrder classes, string? asked)
    {
        if (asked is null)
        {
            return classes.Count == 2 ? 1 : null;
        }

        int position = Array.IndexOf(classes.Names, asked);
        if (position < 0)
        {
            throw new InputException(
                $"the positive class '{asked}' is none of the classes", remedy: $"Name one of: {string.Join(", ", classes.Names.Take(20))}.");
        }

        return classes.Count == 2
            ? position
            : throw new InputException($"a positive class was named, but there are {classes.Count} classes", remedy: "Leave --positive out.");
    }

    private static Exclusions Excluded(FinishInput input)
    {
        CountTable table = input.Counts.Overall;
        HashSet<int>? known = input.Scores is null ? null : [.. input.Scores.Plan.ClassCodes];
        long nullLabel = 0, nullPrediction = 0, either = 0, unknown = 0;
        foreach (Cell cell in table.Cells)
        {
            bool noLabel = cell.Label == Domain.Null, noPrediction = cell.Prediction == Domain.Null;
            nullLabel += noLabel ? cell.Count : 0;
            nullPrediction += noPrediction ? cell.Count : 0;
            either += noLabel || noPrediction ? cell.Count : 0;
            unknown += !noLabel && known is not null && !known.Contains(cell.Label) ? cell.Count : 0;
        }

        ScoreCell scores = input.Scores?.Overall[0] ?? default;
        bool confidence = input.Counts.Plan.Calibration;
        return new Exclusions(
            nullLabel,
            nullPrediction,
            scores.NaN,
            scores.OutOfRange,
            confidence ? table.Calibration(0, Calibration.Missing).Rows - either : 0,
            confidence ? table.Calibration(0, Calibration.OutOfRange).Rows : 0,
            unknown)
        {
            NanEmbedding = input.NanEmbedding,
            ZeroEmbedding = input.ZeroEmbedding,
        };
    }
}
