using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;

namespace GpuDiag.Tests.Reports;

/// <summary>A small made-up outcome with every section filled, odd names included.</summary>
internal static class SampleOutcome
{
    public const string OddName = "cat \"big\", <b>ü</b>\n猫";

    public static ScanResult Result { get; } = new()
    {
        Task = "multiclass",
        Rows = 1000,
        Excluded = new Exclusions(1, 2, 3, 4, 5, 6, 7),
        ClassNames = ["dog", OddName, "fox"],
        Metrics = new Dictionary<string, Estimate>
        {
            ["accuracy"] = new(0.9, 0.875, 0.9125),
            ["f1_macro"] = new(1.0 / 3, 0.25, 0.5),
            ["log_loss"] = new(1e-7, null, double.PositiveInfinity),
            ["roc_auc_macro"] = new(0.99, 0.98, 1, 1e-7),
            ["average_precision_macro"] = Estimate.Undefined,
        },
        IntervalMethod = "bootstrap",
        Classes =
        [
            new ClassResult("dog", 500, 480, new(0.9, 0.8, 0.95), new(0.85, 0.8, 0.9), new(0.87, 0.8, 0.9), new(0.9), Estimate.Undefined),
            new ClassResult(OddName, 500, 520, new(0.9, 0.8, 0.95), new(0.5, 0.4, 0.6), new(0.6, 0.5, 0.7), new(0.9), new(0.8)),
            new ClassResult("fox", 0, 0, new(0), new(0), new(0), Estimate.Undefined, Estimate.Undefined),
        ],
        Confusions = [new Confusion(OddName, "dog", 75), new Confusion("dog", OddName, 25)],
        Segments =
        [
            Segment("weather", "fog", 100, 40, 1e-9, 2e-9),
            Segment("weather", "null", 10, 4, null, null) with { IsNull = true },
            Segment("weather", "null", 50, 5, 0.5, 0.5),
            Segment("weather*light", "fog*night", 40, 30, 0.01, 0.02),
            Segment(OddName, "a]b=c.d", 30, 1, 0.9, 0.9),
        ],
        Calibration = Curve(0.05),
        Neighbors = new NeighborResult("embedding", "cosine", 1536, 10, 990, 0.8125, 0.75, 2, [3, 7], new RowOrderResult(990, 20.5, 333.25, 999, 0.001)),
        Outliers = new OutlierResult(12, 0.5, 1.5, 3, new(0.75, 0.5, 0.9), new(0.9, 0.8, 0.95), 0.01, [5, 2]),
        Duplicates = new DuplicateResult(
            4, 9, 6, 1, 5, 0.0625, null, new(0.875, 0.8, 0.9), new Dictionary<string, Estimate> { ["accuracy"] = new(0.875, 0.8, 0.9) }, [new(2, 40, 3, 1, true, true)]),
        Findings =
        [
            new Finding("segment.underperforms", "high", "In fog 40 % are wrong", new Dictionary<string, object?>
            {
                ["column"] = "weather", ["accuracy"] = 0.6, ["rows"] = 100L, ["rest"] = null, ["interval"] = new Estimate(0.6, 0.5, 0.7),
            }, 100, new Estimate(0.03, 0.02, 0.04), "Collect rows in fog."),
        ],
    };

    public static RunInfo Run { get; } = new()
    {
        Version = "0.1.0",
        Command = "gpudiag scan \"my data.parquet\"",
        Roles = [new RoleTaken("label", "label", "name"), new RoleTaken("segment", "weather*light", "option")],
        Device = new DeviceUsed("cpu", "2 threads", "asked for"),
        Threads = 2,
        Seed = ulong.MaxValue,
        Inputs = [new InputFile("my data.parquet", 12345, 1000)],
        Skipped = [new SkippedFile("broken.parquet", "truncated")],
        Timings = [new StageTime("read", 0.25)],
    };

    public static RowResult[] Rows { get; } =
    [
        new(7, "a", "test", OddName, "dog", 0.99, false, 4.6)
        {
            LabelIssue = true, LabelQuality = 0.0625, SuggestedLabel = "dog",
            Outlier = true, OutlierScore = 0.125, DuplicateSet = 2, Leak = true, LabelAgreement = 0.25, PredAgreement = 0.75, Shapley = 0.001,
        },
        new(3, null, null, null, "dog", null, null, null),
    ];

    public static ScanOutcome Outcome => new(Result, Run, Rows);

    public static CalibrationResult Curve(double ece) => new(2, "(low, high], ceil", ece, 0.2, 1.25,
        [new CalibrationBin(0, 0.5, 0, null, Estimate.Undefined), new CalibrationBin(0.5, 1, 1000, 0.8, new Estimate(0.75, 0.7, 0.8))]);

    public static SegmentResult Segment(string column, string value, long rows, long errors, double? p, double? q) => new()
    {
        Column = column,
        Value = value,
        Rows = rows,
        Errors = errors,
        Metrics = new Dictionary<string, Estimate>
        {
            ["accuracy"] = new(1 - ((double)errors / rows), 0.1, 0.9),
            ["f1_macro"] = new(0.5, 0.4, 0.6),
            ["recall_macro"] = new(0.625, 0.4, 0.7),
        },
        PValue = p,
        QValue = q,
        Calibration = Curve(0.1),
    };
}
