using System.Runtime.InteropServices;
using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>Eight floats in registers: a row of a thread's block of dot products.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Eight
{
    public float A, B, C, D, E, F, G, H;

    /// <summary>Adds a · (low, high).</summary>
    public static Eight Add(Eight sum, uint a, Words low, Words high)
    {
        float factor = Interop.IntAsFloat(a);
        return new Eight
        {
            A = DeterministicSingle.Fma(factor, Interop.IntAsFloat(low.X), sum.A),
            B = DeterministicSingle.Fma(factor, Interop.IntAsFloat(low.Y), sum.B),
            C = DeterministicSingle.Fma(factor, Interop.IntAsFloat(low.Z), sum.C),
            D = DeterministicSingle.Fma(factor, Interop.IntAsFloat(low.W), sum.D),
            E = DeterministicSingle.Fma(factor, Interop.IntAsFloat(high.X), sum.E),
            F = DeterministicSingle.Fma(factor, Interop.IntAsFloat(high.Y), sum.F),
            G = DeterministicSingle.Fma(factor, Interop.IntAsFloat(high.Z), sum.G),
            H = DeterministicSingle.Fma(factor, Interop.IntAsFloat(high.W), sum.H),
        };
    }
}
