using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Reliability;
using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Segments;

/// <summary>
/// The segments of one segmentation: each value's metrics, and whether its accuracy is below that of the column's other
/// rows. Cost: linear in the cells, whatever the number of values.
/// </summary>
internal sealed class SegmentTable(FinishInput input, int index, ClassOrder classes, MetricNames names, int? positive)
{
    private readonly CountTable table = input.Counts.Segments[index];
    private readonly RankState? rank = index < input.SegmentRanks.Count ? input.SegmentRanks[index] : null;

    /// <summary>Every value that a row holds, by code; a value whose rows were all left out has 0 rows and no figures.</summary>
    /// <param name="overall">The confusion matrix of all rows.</param>
    public Segment[] Segments(ConfusionMatrix overall)
    {
        SegmentCells cells = new(table, classes);
        Segment?[] segments = new Segment?[cells.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = input.Threads };
        Parallel.For(0, cells.Count, options, code => segments[code] = cells.Seen(code) ? Of(cells, code, overall) : null);
        return [.. segments.OfType<Segment>()];
    }

    private Segment Of(SegmentCells cells, int code, ConfusionMatrix overall)
    {
        ConfusionMatrix matrix = cells.Matrix(code);
        string column = table.Segment!.Name, value = table.Segment.Text(code);
        bool isNull = code == Domain.Null;
        MetricSet metrics = new(names);
        ConfusionBootstrap? bootstrap = cells.Bootstraps
            ? new ConfusionBootstrap(input.Seed, ConfusionBootstrap.Stream($"{column}\0{(isNull ? "null" : "value")}\0{value}"), 1)
            : null;
        RowMetrics.AddConfusion(metrics, matrix, positive, bootstrap);
        if (input.Scores is { } scores)
        {
            RowMetrics.AddScores(metrics, names, scores.Segments[index][code]);
        }

        CalibrationResult? calibration = null;
        if (input.Counts.Plan.Calibration)
        {
            CalibrationError error = CalibrationError.Of(table, code);
            RowMetrics.AddCalibration(metrics, error);
            calibration = Reliabilities.Of(table, code, error, input.Temperatures?.Segment(index, code));
        }

        if (rank is not null)
        {
            RowMetrics.AddRanking(metrics, rank, code, classes, positive, []);
        }

        long restRows = overall.Rows - matrix.Rows, restCorrect = overall.Correct - matrix.Correct;
        bool tested = restRows > 0 && matrix.Rows >= Math.Max(1, input.MinSupport);
        SegmentResult result = new()
        {
            Column = column,
            Value = value,
            IsNull = isNull,
            Rows = matrix.Rows,
            Errors = matrix.Errors,
            Metrics = metrics,
            IntervalMethod = cells.Bootstraps ? "bootstrap" : "delta",
            PValue = tested ? TwoProportion.PValueLower(matrix.Correct, matrix.Rows, restCorrect, restRows) : null,
            Calibration = calibration,
        };
        return new Segment(result, restRows, restCorrect);
    }
}
