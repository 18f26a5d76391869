using System.Reflection;
using System.Text.RegularExpressions;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GpuDiag.Tests.Algebra;

/// <summary>Kernels as device code without a device: PTX text, and runs on the simulator.</summary>
internal static partial class DeviceCode
{
    /// <summary>A simulator context as the engine builds one, with warps of 4 (ILGPU's default) or 32 lanes.</summary>
    public static Context Simulator(int warp) => Context.Create(builder =>
    {
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
        DeterministicIntrinsics.Register(builder.CPU(warp == 4 ? CPUDevice.Default : new CPUDevice(warp, 2, 1)));
    });

    /// <summary>The PTX of an implicitly grouped kernel.</summary>
    public static string Ptx(MethodInfo kernel, CudaArchitecture architecture)
    {
        using var context = Simulator(4);
        using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_80, null!);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(kernel), default);
        return compiled.PTXAssembly;
    }

    /// <summary>The OpenCL C of an implicitly grouped kernel, for a device with every capability.</summary>
    public static string OpenCl(MethodInfo kernel)
    {
        using var context = Simulator(4);
        bool[] all = [true, true, true, true, true];
        var capabilities = (CLCapabilityContext)typeof(CLCapabilityContext)
            .GetConstructor(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance, [.. all.Select(_ => typeof(bool))])!
            .Invoke([.. all.Cast<object>()]);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.AMD, CLCVersion.CL20);
        return ((CLCompiledKernel)backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(kernel), default)).Source;
    }

    /// <summary>Fails where the text leaves rounding to the driver, calls something undefined, or spills.</summary>
    public static void AssertDeterministic(string ptx)
    {
        Assert.DoesNotMatch(Undefined(), ptx);
        Assert.DoesNotMatch(Unrounded(), ptx);
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\.extern\s+\.func")]
    private static partial Regex Undefined();

    [GeneratedRegex(@"\b(mul|add|sub|fma|div|mad)(\.approx|\.full|\.ftz)?\.f(32|64)\b")]
    private static partial Regex Unrounded();
}
