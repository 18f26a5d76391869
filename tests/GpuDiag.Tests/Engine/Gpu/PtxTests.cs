using System.Reflection;
using System.Text.RegularExpressions;
using GpuDiag.Engine.Gpu;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace GpuDiag.Tests.Engine.Gpu;

/// <summary>What the compiler makes of the kernels for NVIDIA devices, read without one.</summary>
public sealed partial class PtxTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Ampere = new(() => Compile(KernelInstances.All, CudaArchitecture.SM_80));

    // The same text but for its header, so a part will do.
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Hopper = new(() => Compile(KernelInstances.RowInstances, CudaArchitecture.SM_90));

    [Fact]
    public void EveryKernel_Compiles_WithoutUndefinedCallsOrLocalMemory()
    {
        foreach ((string name, string ptx) in Ampere.Value.Concat(Hopper.Value))
        {
            // A method that ILGPU doesn't know becomes an undefined external: it would fail when a GPU loads it.
            Assert.False(Undefined().IsMatch(ptx), $"{name}: calls something undefined");
            Assert.False(Local().IsMatch(ptx), $"{name}: keeps variables in local memory");
        }
    }

    [Fact]
    public void EveryKernel_RoundsEachOperationOnce()
    {
        foreach ((string name, string ptx) in Ampere.Value.Concat(Hopper.Value))
        {
            // Without .rn the driver may contract a product and a sum, or approximate a quotient.
            Match plain = Unrounded().Match(ptx);
            Assert.False(plain.Success, $"{name}: {plain.Value}");
        }
    }

    [Fact]
    public void EveryTable_IsAddedToByReductions()
    {
        foreach ((string name, string ptx) in Ampere.Value.Where(k => !k.Key.Contains("Guard", StringComparison.Ordinal)))
        {
            Assert.True(Reduction().IsMatch(ptx), $"{name}: no reduction");
            Assert.Equal(name.Contains(".Shared", StringComparison.Ordinal), SharedReduction().IsMatch(ptx));
        }
    }

    [Fact]
    public void Count_LoadsSixteenBytesAtATime()
    {
        foreach ((string name, string ptx) in Ampere.Value.Where(k => k.Key.StartsWith('C') && !k.Key.Contains("Rehash", StringComparison.Ordinal)))
        {
            Assert.True(VectorLoad().IsMatch(ptx), $"{name}: no 128-bit load");
            Assert.False(NarrowLoad().IsMatch(ptx), $"{name}: loads codes one by one");
        }
    }

    [Fact]
    public void SharedTables_AreTheLaunchsAlone_AndFitEveryDevice()
    {
        Assert.InRange(GpuLimits.Device.SharedBytes, 1, DeviceLane.SharedBytes);
        foreach ((string name, string ptx) in Ampere.Value)
        {
            Assert.False(StaticShared().IsMatch(ptx), $"{name}: static shared memory besides the table");
        }
    }

    private static Dictionary<string, string> Compile(IEnumerable<MethodInfo> kernels, CudaArchitecture architecture)
    {
        using Context context = DeviceArena.Build(b => b.CPU());
        using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_80, null!);
        return kernels.ToDictionary(
            KernelInstances.Name,
            k => ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(k), default)).PTXAssembly);
    }

    [GeneratedRegex(@"\.extern\s+\.func")]
    private static partial Regex Undefined();

    [GeneratedRegex(@"\.local\b")]
    private static partial Regex Local();

    [GeneratedRegex(@"\b(add|sub|mul|div|mad|fma|rcp|sqrt)(\.(approx|ftz|full))*\.f(64|32)\b")]
    private static partial Regex Unrounded();

    [GeneratedRegex(@"\bred\.add\.(global\.|shared\.)?u(32|64)\b")]
    private static partial Regex Reduction();

    [GeneratedRegex(@"\bred\.add\.shared\.u32\b")]
    private static partial Regex SharedReduction();

    [GeneratedRegex(@"\bld\.global\.v4\.b32\b")]
    private static partial Regex VectorLoad();

    [GeneratedRegex(@"\bld\.global\.[bus](8|16)\b")]
    private static partial Regex NarrowLoad();

    [GeneratedRegex(@"(?<!\.extern )\.shared \.align")]
    private static partial Regex StaticShared();
}
