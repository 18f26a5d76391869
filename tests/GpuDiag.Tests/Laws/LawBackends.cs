using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Gpu;

namespace GpuDiag.Tests.Laws;

/// <summary>The backends that every law is checked on, against the reference.</summary>
public static class LawBackends
{
    private static readonly Dictionary<string, Lazy<Backend>> All = new()
    {
        ["cpu 512"] = new(() => new CpuBackend(LaneWidth.Vector512)),
        ["cpu 256"] = new(() => new CpuBackend(LaneWidth.Vector256)),
        ["cpu scalar"] = new(() => new CpuBackend(LaneWidth.Scalar)),
        ["simulator 4"] = new(() => GpuBackend.Simulator(4, Small)),
        ["simulator 32"] = new(() => GpuBackend.Simulator(32, Small)),
        ["simulator 8, wide rows"] = new(() => GpuBackend.Simulator(8, Small with { RowPerThreadWidth = 3 })),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    // Small blocks, so that a few hundred rows already pass through both, twice.
    private static GpuLimits Small => GpuLimits.Simulator with { BlockBytes = 1 << 13 };

    /// <summary>Samples that a law takes: the simulator pays about a microsecond for an atomic.</summary>
    public static int Samples(string name) => name.StartsWith("simulator", StringComparison.Ordinal) ? 6 : 60;

    public static Backend Of(string name) => All[name].Value;
}
