namespace GpuDiag.Engine.Devices;

/// <summary>The plans that benchmarks share.</summary>
internal static class BenchPlans
{
    /// <summary>A thousand keys per class, evenly over [0, 0.2), where most scores of a hundred classes lie.</summary>
    public static RankPlan Rank(CheckCase data)
    {
        ulong[] keys = [.. Enumerable.Range(0, 1000).Select(i => ScoreKey.Of(i / 5000.0))];
        return new RankPlan(data.Classes, data.ClassCodes, null, [.. data.ClassCodes.Select(_ => new ScorePartition(keys, 64))]);
    }

    /// <summary>One β for all rows and segments: one evaluation per row.</summary>
    public static TemperPlan Temper(CheckCase data) =>
        new(data.Classes, data.ClassCodes, [data.Segments], [[1.25], [.. Enumerable.Repeat(1.25, data.SegmentCount + 1)]]);
}
