using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;

namespace GpuDiag.Tests.Laws;

/// <summary>The backends that every law is checked on, against the reference.</summary>
public static class LawBackends
{
    private static readonly Dictionary<string, Lazy<Backend>> All = new()
    {
        ["cpu 512"] = new(() => new CpuBackend(LaneWidth.Vector512)),
        ["cpu 256"] = new(() => new CpuBackend(LaneWidth.Vector256)),
        ["cpu scalar"] = new(() => new CpuBackend(LaneWidth.Scalar)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static Backend Of(string name) => All[name].Value;
}
