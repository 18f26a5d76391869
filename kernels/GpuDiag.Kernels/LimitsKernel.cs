using GpuDiag.Kernels.Algebra;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Measures how many fused multiply-adds a device completes, on doubles or on floats: eight independent chains per thread, so that
/// latency does not count. Formula: c ← a·c + b, <see cref="Chains"/> × rounds times; results are stored so that nothing
/// is left out. Cost: no memory but one store per thread.
/// </summary>
public static class LimitsKernel
{
    /// <summary>Multiply-adds per thread and round.</summary>
    public const int Chains = 8;

    public static void MultiplyAdd(int rounds, double a, double b, ArrayView<double> results)
    {
        // Chains that start equal would be merged into one.
        int start = Grid.GlobalLinearIndex * Chains;
        double c0 = start, c1 = start + 1, c2 = start + 2, c3 = start + 3, c4 = start + 4, c5 = start + 5, c6 = start + 6, c7 = start + 7;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Deterministic.Fma(a, c0, b);
            c1 = Deterministic.Fma(a, c1, b);
            c2 = Deterministic.Fma(a, c2, b);
            c3 = Deterministic.Fma(a, c3, b);
            c4 = Deterministic.Fma(a, c4, b);
            c5 = Deterministic.Fma(a, c5, b);
            c6 = Deterministic.Fma(a, c6, b);
            c7 = Deterministic.Fma(a, c7, b);
        }

        double even = Deterministic.Add(Deterministic.Add(c0, c2), Deterministic.Add(c4, c6));
        double odd = Deterministic.Add(Deterministic.Add(c1, c3), Deterministic.Add(c5, c7));
        results[Grid.GlobalLinearIndex] = Deterministic.Add(even, odd);
    }

    /// <summary>The same on floats.</summary>
    public static void SingleMultiplyAdd(int rounds, float a, float b, ArrayView<float> results)
    {
        int start = Grid.GlobalLinearIndex * Chains;
        float c0 = start, c1 = start + 1, c2 = start + 2, c3 = start + 3, c4 = start + 4, c5 = start + 5, c6 = start + 6, c7 = start + 7;
        for (int i = 0; i < rounds; i++)
        {
            c0 = DeterministicSingle.Fma(a, c0, b);
            c1 = DeterministicSingle.Fma(a, c1, b);
            c2 = DeterministicSingle.Fma(a, c2, b);
            c3 = DeterministicSingle.Fma(a, c3, b);
            c4 = DeterministicSingle.Fma(a, c4, b);
            c5 = DeterministicSingle.Fma(a, c5, b);
            c6 = DeterministicSingle.Fma(a, c6, b);
            c7 = DeterministicSingle.Fma(a, c7, b);
        }

        float even = DeterministicSingle.Add(DeterministicSingle.Add(c0, c2), DeterministicSingle.Add(c4, c6));
        float odd = DeterministicSingle.Add(DeterministicSingle.Add(c1, c3), DeterministicSingle.Add(c5, c7));
        results[Grid.GlobalLinearIndex] = DeterministicSingle.Add(even, odd);
    }
}
