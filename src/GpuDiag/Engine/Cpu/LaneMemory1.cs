using System.Runtime.CompilerServices;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>One value at a time, on machines without vector registers.</summary>
internal readonly unsafe struct LaneMemory1 : ILaneMemory<Lanes1>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Codes(byte* at, int width) => new(width switch { 1 => *at, 2 => *(ushort*)at, _ => *(int*)at });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Floats(float* at) => new(*at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Doubles(double* at) => new(*at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, double* at) => *at = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, int* at) => *at = (int)value.Value;
}
