using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The table of curves: one line per point, curve by curve.</summary>
internal static class RankTables
{
    public static Table<CurvePoint> Curves { get; } = new Table<CurvePoint>()
        .Text("curve", c => c.Curve)
        .Text("class", c => c.Class)
        .Value("x", c => c.X)
        .Value("y", c => c.Y)
        .Optional("threshold", c => c.Threshold);
}
