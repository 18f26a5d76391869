using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Teaches ILGPU's device backends the members of <see cref="Deterministic"/>: PTX instructions with an explicit
/// <c>.rn</c>, which the driver's compiler never fuses, and in OpenCL C only <c>fma</c>, because there a separate
/// multiplication and addition may be contracted by default. The simulator runs the methods' own bodies.
/// </summary>
public static class DeterministicIntrinsics
{
    /// <summary>Registers all members. Call it while building the context, after <c>EnableAlgorithms()</c>.</summary>
    public static Context.Builder Register(Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var name in new[] { nameof(Deterministic.Fma), nameof(Deterministic.Mul), nameof(Deterministic.Add), nameof(Deterministic.Sub), nameof(Deterministic.Div) })
        {
            var method = typeof(Deterministic).GetMethod(name, BindingFlags.Public | BindingFlags.Static)
                ?? throw new MissingMethodException(nameof(Deterministic), name);
            manager.RegisterMethod(method, new PTXIntrinsic(typeof(DeterministicIntrinsics), name + "Ptx", IntrinsicImplementationMode.GenerateCode));
            manager.RegisterMethod(method, new CLIntrinsic(typeof(DeterministicIntrinsics), name + "OpenCl", IntrinsicImplementationMode.GenerateCode));
        }

        MethodInfo single = typeof(DeterministicSingle).GetMethod(nameof(DeterministicSingle.Fma))!;
        manager.RegisterMethod(single, new PTXIntrinsic(typeof(DeterministicIntrinsics), nameof(FmaSinglePtx), IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(single, new CLIntrinsic(typeof(DeterministicIntrinsics), nameof(FmaSingleOpenCl), IntrinsicImplementationMode.GenerateCode));
        return builder;
    }

    // ILGPU finds these by name and calls them with the signature of its handler delegates.
    private static void FmaPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("fma.rn.f64", generator, value);

    private static void FmaSinglePtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("fma.rn.f32", generator, value);

    private static void MulPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("mul.rn.f64", generator, value);

    private static void AddPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("add.rn.f64", generator, value);

    private static void SubPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("sub.rn.f64", generator, value);

    private static void DivPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) => Instruction("div.rn.f64", generator, value);

    private static void Instruction(string name, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var operands = new PTXRegisterAllocator.PrimitiveRegister[call.Nodes.Length];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = generator.LoadPrimitive(call[i]);

        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand(name);
        command.AppendArgument(result);
        foreach (var operand in operands)
            command.AppendArgument(operand);
    }

    private static void FmaOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("fma(", ", ", ", ", ")", generator, value);

    private static void FmaSingleOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("fma(", ", ", ", ", ")", generator, value, "(float)");

    // a·b = fma(a, b, −0): the sum with −0 changes neither a value nor the sign of a zero.
    private static void MulOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("fma(", ", ", ", -0.0)", "", generator, value);

    private static void AddOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("fma(", ", 1.0, ", ")", "", generator, value);

    private static void SubOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("fma(-1.0, ", ", ", ")", "", generator, value, swap: true);

    private static void DivOpenCl(CLBackend backend, CLCodeGenerator generator, Value value) => Expression("(", " / ", ")", "", generator, value);

    private static void Expression(string open, string first, string second, string third, CLCodeGenerator generator, Value value, string cast = "(double)", bool swap = false)
    {
        var call = (MethodCall)value;
        var a = generator.Load(call[swap ? 1 : 0]);
        var b = generator.Load(call[swap ? 0 : 1]);
        var target = generator.Allocate(value);
        using var statement = generator.BeginStatement(target);

        // A constant such as 2.0 is printed as 2: without the cast the call of fma would be ambiguous.
        statement.AppendOperation(open + cast);
        statement.Append(a);
        statement.AppendOperation(first + cast);
        statement.Append(b);
        statement.AppendOperation(second + (call.Nodes.Length > 2 ? cast : ""));
        if (call.Nodes.Length > 2)
        {
            statement.Append(generator.Load(call[2]));
            statement.AppendOperation(third);
        }
    }
}
