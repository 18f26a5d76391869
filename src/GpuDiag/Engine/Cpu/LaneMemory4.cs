using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>Four values at a time: AVX2, or two halves of 128 bits where registers are that wide.</summary>
internal readonly unsafe struct LaneMemory4 : ILaneMemory<Lanes4>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Codes(byte* at, int width)
    {
        Vector128<uint> codes = width switch
        {
            1 => Widen(Vector128.CreateScalarUnsafe(*(uint*)at).AsByte()),
            2 => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)at).AsUInt16()),
            _ => Vector128.Load((uint*)at),
        };
        // A code is at most int.MaxValue, so the signed conversion is exact.
        return new Lanes4(Avx.IsSupported
            ? Avx.ConvertToVector256Double(codes.AsInt32())
            : Vector256.ConvertToDouble(Vector256.Create(Vector128.WidenLower(codes), Vector128.WidenUpper(codes)).AsInt64()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Floats(float* at) => new(Avx.IsSupported
        ? Avx.ConvertToVector256Double(Vector128.Load(at))
        : Vector256.Create(Vector128.WidenLower(Vector128.Load(at)), Vector128.WidenUpper(Vector128.Load(at))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Doubles(double* at) => new(Vector256.Load(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 value, double* at) => value.Value.Store(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 value, int* at)
    {
        if (Avx.IsSupported)
        {
            Avx.ConvertToVector128Int32(value.Value).Store(at);
            return;
        }

        Vector256<long> whole = Vector256.ConvertToInt64(value.Value);
        Vector128.Narrow(whole.GetLower(), whole.GetUpper()).Store(at);
    }

    private static Vector128<uint> Widen(Vector128<byte> bytes) => Vector128.WidenLower(Vector128.WidenLower(bytes));
}
