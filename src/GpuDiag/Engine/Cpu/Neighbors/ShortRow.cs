using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>A vector as 16-bit whole numbers times a scale of its own.</summary>
internal static unsafe class ShortRow
{
    /// <summary>√(2³¹): dot products of vectors no longer than this fit 32 bits.</summary>
    private const double MostLength = 46340;

    private const double MostValue = 32766;

    /// <summary>
    /// Rounds to the nearest whole numbers that make use of 16 bits. The vector's length in whole numbers is between
    /// 32,766 and √(2³¹), rounding included; a vector of zeros stays so, with scale 0.
    /// </summary>
    /// <param name="from">Finite values; their length 0 or between 2⁻⁵⁰ and 2⁵⁰.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="to">Receives the numbers and, where width is odd, a 0.</param>
    /// <returns>What 1 is worth.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Round(float* from, int width, short* to)
    {
        double length = Math.Sqrt(Squared(from, width)) / (MostLength - 5 - (Math.Sqrt(width) / 2));
        float scale = (float)Math.Max(length, Largest(from, width) / MostValue);
        float inverse = scale == 0 ? 0 : 1 / scale;
        int i = 0;
        for (; i + 16 <= width; i += 16)
        {
            Vector256<int> low = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(from + i) * inverse));
            Vector256<int> high = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(from + i + 8) * inverse));
            Vector256.Narrow(low, high).Store(to + i);
        }

        for (; i < width; i++)
        {
            to[i] = (short)MathF.Round(from[i] * inverse);
        }

        if (width % 2 != 0)
        {
            to[width] = 0;
        }

        return scale;
    }

    /// <summary>
    /// Bounds of the length of what follows a head: √(|tail|² + (2⁻¹⁰ |x|)²) on the scale of scores, rounded up. The product of two of them
    /// is at least that of both tails and 2⁻²⁰ of that of both lengths (Cauchy and Schwarz), which is more than the roundings of a score.
    /// </summary>
    /// <param name="values">Whole numbers, as <see cref="Round"/> wrote them; their squares' sum fits 32 bits.</param>
    /// <param name="words">Words of two numbers each.</param>
    /// <param name="scale">What 1 is worth.</param>
    /// <param name="heads">Words of the heads, ascending.</param>
    /// <param name="to">Receives a bound for each head.</param>
    /// <param name="step">Values from one bound to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tails(short* values, int words, float scale, ReadOnlySpan<int> heads, float* to, long step)
    {
        long squared = 0;
        int end = words;
        for (int h = heads.Length; h >= 0; h--)
        {
            int start = h == 0 ? 0 : heads[h - 1];
            squared += Squared(values + (2 * start), 2 * (end - start));
            end = start;
            if (h > 0)
            {
                to[(h - 1) * step] = squared;
            }
        }

        double error = squared * (1.0 / (1 << 20));
        for (int h = 0; h < heads.Length; h++)
        {
            to[h * step] = MathF.BitIncrement((float)(Math.Sqrt(to[h * step] + error) * scale * (1 + (1.0 / (1 << 22)))));
        }
    }

    private static long Squared(short* values, int count)
    {
        Vector256<int> sum = Vector256<int>.Zero;
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector256<short> x = Vector256.Load(values + i);
            sum += Avx2.MultiplyAddAdjacent(x, x);
        }

        long total = (uint)Vector256.Sum(sum);
        for (; i < count; i++)
        {
            total += values[i] * values[i];
        }

        return total;
    }

    /// <summary>
    /// |x|², in four sums of eight so that none waits for the last: off by less than 2⁻¹²·⁹ of itself up to 2¹⁶ dimensions,
    /// which is 3 units of the length in whole numbers. What underflows is less than 2⁻³⁰ of the whole.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Squared(float* from, int width)
    {
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a;
        int i = 0;
        for (; i + 32 <= width; i += 32)
        {
            Vector256<float> w = Vector256.Load(from + i), x = Vector256.Load(from + i + 8), y = Vector256.Load(from + i + 16), z = Vector256.Load(from + i + 24);
            (a, b) = (Vector256.FusedMultiplyAdd(w, w, a), Vector256.FusedMultiplyAdd(x, x, b));
            (c, d) = (Vector256.FusedMultiplyAdd(y, y, c), Vector256.FusedMultiplyAdd(z, z, d));
        }

        double sum = Vector256.Sum(a + b + (c + d));
        for (; i < width; i++)
        {
            sum += (double)from[i] * from[i];
        }

        return sum;
    }

    private static float Largest(float* from, int width)
    {
        Vector256<float> largest = Vector256<float>.Zero;
        int i = 0;
        for (; i + 8 <= width; i += 8)
        {
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.Load(from + i)));
        }

        float most = 0;
        for (int j = 0; j < 8; j++)
        {
            most = Math.Max(most, largest.GetElement(j));
        }

        for (; i < width; i++)
        {
            most = Math.Max(most, Math.Abs(from[i]));
        }

        return most;
    }
}
