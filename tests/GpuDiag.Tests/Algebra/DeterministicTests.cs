using System.Text.RegularExpressions;
using GpuDiag.Kernels.Algebra;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace GpuDiag.Tests.Algebra;

public class DeterministicTests
{
    public static TheoryData<string> Kernels => [nameof(AlgebraKernels.Arithmetic), nameof(AlgebraKernels.Log), nameof(AlgebraKernels.Exp), nameof(AlgebraKernels.Quantize), nameof(AlgebraKernels.Philox)];

    private const string PlainOpenCl = @"\(double\) *\w+ +[-+*] +\(double\)";

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Ptx_RoundsExplicitlyAndKeepsRegisters(string kernel)
    {
        foreach (var architecture in new[] { CudaArchitecture.SM_80, CudaArchitecture.SM_90 })
            DeviceCode.AssertDeterministic(DeviceCode.Ptx(typeof(AlgebraKernels).GetMethod(kernel)!, architecture));
    }

    [Fact]
    public void Ptx_HasTheInstructionOfEachMember()
    {
        var ptx = DeviceCode.Ptx(typeof(AlgebraKernels).GetMethod(nameof(AlgebraKernels.Arithmetic))!, CudaArchitecture.SM_80);
        foreach (var instruction in new[] { "fma.rn.f64", "mul.rn.f64", "add.rn.f64", "sub.rn.f64", "div.rn.f64" })
            Assert.Contains(instruction, ptx, StringComparison.Ordinal);
    }

    /// <summary>An unordered comparison is true for NaN; C#'s is false. ILGPU emits one for a constant on the left.</summary>
    [Theory]
    [InlineData(nameof(AlgebraKernels.Log))]
    [InlineData(nameof(AlgebraKernels.Exp))]
    [InlineData(nameof(AlgebraKernels.Quantize))]
    public void Ptx_ComparesAsTheHostDoes(string kernel)
    {
        var ptx = DeviceCode.Ptx(typeof(AlgebraKernels).GetMethod(kernel)!, CudaArchitecture.SM_80);
        Assert.Matches(@"setp\.lt\.f64", ptx);
        Assert.DoesNotMatch(@"setp\.(lt|le|gt|ge|eq)u\.f64", ptx);
    }

    /// <summary>OpenCL C may contract a product and a sum, so there is neither; and fma takes doubles only.</summary>
    [Fact]
    public void OpenCl_HasNothingToContract()
    {
        foreach (var kernel in new[] { nameof(AlgebraKernels.Arithmetic), nameof(AlgebraKernels.Log), nameof(AlgebraKernels.Exp) })
        {
            var source = DeviceCode.OpenCl(typeof(AlgebraKernels).GetMethod(kernel)!);
            const string Operand = @"(-1\.0|1\.0|-0\.0|\(double\)[^,()]+)";
            Assert.Equal(Regex.Count(source, @"\bfma\("), Regex.Count(source, $@"\bfma\({Operand}, {Operand}, {Operand}\)"));
            Assert.Contains("fma(", source, StringComparison.Ordinal);
            Assert.DoesNotMatch(PlainOpenCl, source);
        }

        Assert.Matches(PlainOpenCl, DeviceCode.OpenCl(typeof(AlgebraKernels).GetMethod(nameof(AlgebraKernels.PlainOperators))!));
    }

    [Fact]
    public void Ptx_CheckFindsPlainOperators()
    {
        var ptx = DeviceCode.Ptx(typeof(AlgebraKernels).GetMethod(nameof(AlgebraKernels.PlainOperators))!, CudaArchitecture.SM_80);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => DeviceCode.AssertDeterministic(ptx));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void Simulator_HasTheBitsOfTheHost(int warp)
    {
        using var context = DeviceCode.Simulator(warp);
        using var accelerator = context.CreateCPUAccelerator(0);
        var x = Enumerable.Range(0, 2000).Select(ElementaryTests.LogArgument)
            .Concat(Enumerable.Range(0, 2000).Select(ElementaryTests.ExpArgument))
            .Concat([0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0, double.Epsilon]).ToArray();

        AssertSame(accelerator, AlgebraKernels.Log, Deterministic.Log, x);
        AssertSame(accelerator, AlgebraKernels.Exp, Deterministic.Exp, x);
        AssertSame(accelerator, AlgebraKernels.Arithmetic, AlgebraKernels.Mix, x);
        AssertSame(accelerator, AlgebraKernels.Quantize, v => FixedSum.Quantize(v), x);
        AssertSame(accelerator, AlgebraKernels.Philox, v => Philox4x32.UnitOpen(Philox4x32.At(7, 11, (ulong)BitConverter.DoubleToInt64Bits(v)).First), x);
    }

    private static void AssertSame(Accelerator accelerator, Action<Index1D, ArrayView<double>, ArrayView<double>> kernel, Func<double, double> host, double[] x)
    {
        using var input = accelerator.Allocate1D(x);
        using var output = accelerator.Allocate1D<double>(x.Length);
        accelerator.LoadAutoGroupedStreamKernel(kernel)(x.Length, input.View, output.View);
        accelerator.Synchronize();
        Assert.Equal(x.Select(v => BitConverter.DoubleToInt64Bits(host(v))), output.GetAsArray1D().Select(BitConverter.DoubleToInt64Bits));
    }
}
