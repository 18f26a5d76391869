using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// <see cref="SoftmaxRows"/> in float32, from logits in panels of <see cref="SingleProducts"/>; sums over classes in sixteen lanes, which then add by
/// halves. Probabilities are kept as the upper 16 bits of a float32, rounded. Host only.
/// </summary>
public static unsafe class SingleSoftmax
{
    private const int Lanes = SingleProducts.ClassLanes;

    /// <summary>From panel to panel of logits, or of kept probabilities, for so many rows.</summary>
    public static int Step(int rows) => (rows + 1) * Lanes;

    /// <summary>As <see cref="SoftmaxRows.Probabilities"/>; losses of what float32 logits are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Probabilities(float* logits, long step, int panels, int rows, float* mask, int* labels, double* losses)
    {
        for (int i = 0; i < rows; i++)
        {
            float* z = logits + (i * Lanes);
            Vector512<float> most = Vector512.Create(float.NegativeInfinity);
            for (int k = 0; k < panels; k++)
            {
                most = Vector512.Max(most, Vector512.Load(z + (k * step)) + Vector512.Load(mask + (k * Lanes)));
            }

            float largest = float.NegativeInfinity;
            for (int lane = 0; lane < Lanes; lane++)
            {
                largest = Math.Max(largest, most.GetElement(lane));
            }

            if (losses != null)
            {
                losses[i] = (double)largest - z[(labels[i] / Lanes * step) + (labels[i] % Lanes)];
            }

            Vector512<float> top = Vector512.Create(largest), lanes = Vector512<float>.Zero;
            for (int k = 0; k < panels; k++)
            {
                Vector512<float> e = Exp(Vector512.Load(z + (k * step)) + Vector512.Load(mask + (k * Lanes)) - top);
                e.Store(z + (k * step));
                lanes += e;
            }

            float total = Total(lanes);
            Vector512<float> all = Vector512.Create(total);
            for (int k = 0; k < panels; k++)
            {
                (Vector512.Load(z + (k * step)) / all).Store(z + (k * step));
            }

            if (losses != null)
            {
                losses[i] += Deterministic.Log(total);
            }
        }
    }

    /// <summary>Replaces probabilities by s · (p − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Residuals(float* p, long step, int panels, int rows, int* labels, double* weights)
    {
        for (int i = 0; i < rows; i++)
        {
            float* at = p + (i * Lanes), own = at + (labels[i] / Lanes * step) + (labels[i] % Lanes);
            float s = (float)weights[i], mine = s * (*own - 1);
            for (int k = 0; k < panels; k++)
            {
                (Vector512.Create(s) * Vector512.Load(at + (k * step))).Store(at + (k * step));
            }

            *own = mine;
        }
    }

    /// <summary>Replaces changes u of the logits by s · p · (u − Σ p u / Σ p), p as kept: a Hessian that no rounding makes indefinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Changes(float* u, ushort* p, long step, int panels, int rows, double* weights)
    {
        for (int i = 0; i < rows; i++)
        {
            float* to = u + (i * Lanes);
            ushort* of = p + (i * Lanes);
            Vector512<float> lanes = Vector512<float>.Zero, mass = lanes, s = Vector512.Create((float)weights[i]);
            for (int k = 0; k < panels; k++)
            {
                Vector512<float> v = Kept(of + (k * step));
                lanes = Vector512.FusedMultiplyAdd(v, Vector512.Load(to + (k * step)), lanes);
                mass += v;
            }

            Vector512<float> mean = Vector512.Create(Total(lanes) / Total(mass));
            for (int k = 0; k < panels; k++)
            {
                (s * Kept(of + (k * step)) * (Vector512.Load(to + (k * step)) - mean)).Store(to + (k * step));
            }
        }
    }

    /// <summary>Fills <paramref name="to"/> with s · p · (1 − p), p as kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spreads(ushort* p, long step, int panels, int rows, double* weights, float* to)
    {
        for (int i = 0; i < rows; i++)
        {
            Vector512<float> s = Vector512.Create((float)weights[i]);
            for (int k = 0; k < panels; k++)
            {
                Vector512<float> v = Kept(p + (k * step) + (i * Lanes));
                (s * v * (Vector512<float>.One - v)).Store(to + (k * step) + (i * Lanes));
            }
        }
    }

    /// <summary>Keeps probabilities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Keep(float* p, long step, int panels, int rows, ushort* to)
    {
        for (int k = 0; k < panels; k++)
        {
            float* from = p + (k * step);
            ushort* at = to + (k * step);
            for (int i = 0; i < rows * Lanes; i += Lanes)
            {
                Keep(Vector256.Load(from + i), Vector256.Load(from + i + 8), at + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector256<float> low, Vector256<float> high, ushort* to)
    {
        Vector256<uint> half = Vector256.Create(0x8000u);
        Vector256.Narrow((low.AsUInt32() + half) >>> 16, (high.AsUInt32() + half) >>> 16).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Kept(ushort* from)
    {
        Vector256<ushort> bits = Vector256.Load(from);
        return (Vector512.Create(Vector256.WidenLower(bits), Vector256.WidenUpper(bits)) << 16).AsSingle();
    }

    /// <summary>e^x for x ≤ 0, 0 below −87: 2^k · e^r, e^r by its Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> bounded = Vector512.Max(x, Vector512.Create(-88f)), shift = Vector512.Create(12582912f); // 1.5 · 2^23
        Vector512<float> k = Vector512.FusedMultiplyAdd(bounded, Vector512.Create(1.44269504f), shift) - shift;
        Vector512<float> r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-0.693359375f), bounded);
        r = Vector512.FusedMultiplyAdd(k, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> y = Vector512.FusedMultiplyAdd(r, Vector512.Create(1f / 5040), Vector512.Create(1f / 720));
        y = Vector512.FusedMultiplyAdd(r, y, Vector512.Create(1f / 120));
        y = Vector512.FusedMultiplyAdd(r, y, Vector512.Create(1f / 24));
        y = Vector512.FusedMultiplyAdd(r, y, Vector512.Create(1f / 6));
        y = Vector512.FusedMultiplyAdd(r, y, Vector512.Create(0.5f));
        y = Vector512.FusedMultiplyAdd(r, y, Vector512<float>.One);
        y = Vector512.FusedMultiplyAdd(r, y, Vector512<float>.One);
        Vector512<int> power = (Vector512.ConvertToInt32(k) + Vector512.Create(127)) << 23;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87f)), Vector512<float>.Zero, y * power.AsSingle());
    }

    private static float Total(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four.GetElement(0) + four.GetElement(2)) + (four.GetElement(1) + four.GetElement(3));
    }
}
