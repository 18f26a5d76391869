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
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Hopper = new(() => Compile([.. KernelInstances.RowInstances, .. KernelInstances.NeighborInstances], CudaArchitecture.SM_90));

    // For sm_90 too ILGPU writes sm_80, which has all that this kernel needs.
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Tensor = new(() => Compile([KernelInstances.NeighborTensor], CudaArchitecture.SM_90));

    [Fact]
    public void EveryKernel_Compiles_WithoutUndefinedCallsOrLocalMemory()
    {
        foreach ((string name, string ptx) in Ampere.Value.Concat(Hopper.Value).Concat(Tensor.Value))
        {
            // A method that ILGPU doesn't know becomes an undefined external: it would fail when a GPU loads it.
            Assert.False(Undefined().IsMatch(ptx), $"{name}: calls something undefined");
            Assert.False(Local().IsMatch(ptx), $"{name}: keeps variables in local memory");
        }
    }

    [Fact]
    public void EveryKernel_RoundsEachOperationOnce()
    {
        foreach ((string name, string ptx) in Ampere.Value.Concat(Hopper.Value).Concat(Tensor.Value))
        {
            // Without .rn the driver may contract a product and a sum, or approximate a quotient.
            Match plain = Unrounded().Match(ptx);
            Assert.False(plain.Success, $"{name}: {plain.Value}");
        }
    }

    [Fact]
    public void EveryTable_IsAddedToByReductions()
    {
        string[] without = ["Guard", "Neighbor", "Quantize", "HeadGradient"];
        foreach ((string name, string ptx) in Ampere.Value.Where(k => !Array.Exists(without, w => k.Key.Contains(w, StringComparison.Ordinal))))
        {
            Assert.True(Reduction().IsMatch(ptx), $"{name}: no reduction");
            Assert.Equal(name.Contains(".Shared", StringComparison.Ordinal), SharedReduction().IsMatch(ptx));
        }
    }

    [Fact]
    public void Count_LoadsSixteenBytesAtATime()
    {
        foreach ((string name, string ptx) in Ampere.Value.Where(k => k.Key.StartsWith('C') && !k.Key.StartsWith("Covariance", StringComparison.Ordinal) && !k.Key.Contains("Rehash", StringComparison.Ordinal)))
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

    [Fact]
    public void NeighborSearch_ReadsSharedMemoryFourAtATime_AndKeepsItsDotProductsInRegisters()
    {
        string ptx = Ampere.Value["NeighborKernel.Search()"];
        Assert.Equal(4, Regex.Count(ptx, @"\bld\.shared\.v4\b"));
        Assert.Equal(64, Regex.Count(ptx, @"\bfma\.rn\.f32\b.*\n") - 64);
        Assert.Equal(64, Regex.Count(ptx, @"\batom\.add"));
    }

    [Fact]
    public void NeighborTensor_IssuesWhatItsTileNeeds()
    {
        foreach (string ptx in Tensor.Value.Values)
        {
            // A step of 16 dimensions: 4 × 8 products of 16 × 8, from four loads of each side.
            Assert.Equal(32, Regex.Count(ptx, @"mma\.sync\.aligned\.m16n8k16\.row\.col\.f32\.bf16\.bf16\.f32"));
            Assert.Equal(8, Regex.Count(ptx, @"ldmatrix\.sync\.aligned\.m8n8\.x4\.shared\.b16"));

            // Two stages before the loop, one in it: four rows of both sides each.
            Assert.Equal(24, Regex.Count(ptx, @"cp\.async\.cg\.shared\.global"));
            Assert.Equal(4, Regex.Count(ptx, @"cp\.async\.commit_group"));
            Assert.Equal(128, Regex.Count(ptx, @"setp\.gt\.or\.f32"));
            Assert.Equal(128, Regex.Count(ptx, @"atom\.global\.add\.u32"));
            Assert.Equal(128, Regex.Count(ptx, @"setp\.ge\.u32 r, at"));
            Assert.Single(Regex.Matches(ptx, @"\.shared \.align 128 \.b8 tiles\[49152\]"));
            Assert.Contains(".target sm_80", ptx, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NeighborTensor_MultipliesEachAccumulatorOncePerStep_WithItsOwnOperands()
    {
        string ptx = Tensor.Value.First().Value;
        for (int i = 0; i < 32; i++)
        {
            int query = i / 8 * 4, row = i % 8 * 2, sum = 4 * i;
            string sums = $"{{acc{sum},acc{sum + 1},acc{sum + 2},acc{sum + 3}}}";
            string text = $"{sums},{{fa{query},fa{query + 1},fa{query + 2},fa{query + 3}}},{{fb{row},fb{row + 1}}},{sums};";
            Assert.Single(Regex.Matches(ptx, Regex.Escape(text)));
        }

        // Columns in order, each of eight queries: accumulator (8·i + j)·4 + 2·h + e is query 16·i + 8·h, row 8·j + e.
        int[] compared = [.. Regex.Matches(ptx, @"add\.rn\.f32 t, acc(\d+), \S+; setp\.gt\.or").Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        int[] expected = [.. from column in Enumerable.Range(0, 16) from q in Enumerable.Range(0, 8) select ((((q / 2) * 8) + (column / 2)) * 4) + (q % 2 * 2) + (column % 2)];
        Assert.Equal(expected, compared);
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
