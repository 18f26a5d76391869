using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>Eight values at a time: AVX-512, or two halves where there is none.</summary>
internal readonly unsafe struct LaneMemory8 : ILaneMemory<Lanes8>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Codes(byte* at, int width)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<ulong> codes = width switch
            {
                1 => Avx512F.ConvertToVector512UInt64(Vector128.CreateScalarUnsafe(*(ulong*)at).AsByte()),
                2 => Avx512F.ConvertToVector512UInt64(*(Vector128<ushort>*)at),
                _ => Avx512F.ConvertToVector512UInt64(*(Vector256<uint>*)at),
            };
            return new Lanes8((codes | Vector512.Create(0x4330_0000_0000_0000UL)).AsDouble() - Vector512.Create(4503599627370496.0));
        }

        return new Lanes8(Vector512.Create(LaneMemory4.Codes(at, width).Value, LaneMemory4.Codes(at + (4 * width), width).Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Floats(float* at) => Avx512F.IsSupported
        ? new Lanes8(Avx512F.ConvertToVector512Double(Vector256.Load(at)))
        : new Lanes8(Vector512.Create(LaneMemory4.Floats(at).Value, LaneMemory4.Floats(at + 4).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Doubles(double* at) => new(Vector512.Load(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 value, double* at) => value.Value.Store(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 value, int* at)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Int32(value.Value).Store(at);
            return;
        }

        LaneMemory4.Store(new Lanes4(value.Value.GetLower()), at);
        LaneMemory4.Store(new Lanes4(value.Value.GetUpper()), at + 4);
    }
}
