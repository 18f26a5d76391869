using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// What rows give to multinomial logistic regression, from logits in panels as <see cref="LinearRows"/> has them. Sums over classes
/// are in the order of <see cref="RowSum"/>. Host only.
/// </summary>
public static unsafe class SoftmaxRows
{
    private const int Lanes = LinearRows.Lanes;

    /// <summary>Replaces logits by probabilities.</summary>
    /// <param name="logits">Panels of classes.</param>
    /// <param name="step">From panel to panel.</param>
    /// <param name="panels">Panels of classes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="mask">Per class 0, or −∞ where there is none: then its probability is 0.</param>
    /// <param name="labels">Class per row; null where <paramref name="losses"/> is.</param>
    /// <param name="losses">Receives −ln p of each row's class, without underflow; null where it is not asked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Probabilities(double* logits, long step, int panels, int rows, double* mask, int* labels, double* losses)
    {
        for (int i = 0; i < rows; i++)
        {
            double* z = logits + (i * Lanes);
            Vector512<double> most = Vector512.Create(double.NegativeInfinity);
            for (int k = 0; k < panels; k++)
            {
                most = Vector512.Max(most, Vector512.Load(z + (k * step)) + Vector512.Load(mask + (k * Lanes)));
            }

            double largest = Largest(most);
            if (losses != null)
            {
                losses[i] = largest - z[(labels[i] / Lanes * step) + (labels[i] % Lanes)];
            }

            Vector512<double> top = Vector512.Create(largest), lanes = Vector512<double>.Zero;
            for (int k = 0; k < panels; k++)
            {
                Vector512<double> e = Deterministic.Exp(Vector512.Load(z + (k * step)) + Vector512.Load(mask + (k * Lanes)) - top);
                e.Store(z + (k * step));
                lanes += e;
            }

            double total = RowSum.Total(lanes);
            Vector512<double> all = Vector512.Create(total);
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
    /// <param name="p">Panels of classes.</param>
    /// <param name="step">From panel to panel.</param>
    /// <param name="panels">Panels of classes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="labels">Class per row.</param>
    /// <param name="weights">s per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Residuals(double* p, long step, int panels, int rows, int* labels, double* weights)
    {
        for (int i = 0; i < rows; i++)
        {
            double* at = p + (i * Lanes), own = at + (labels[i] / Lanes * step) + (labels[i] % Lanes);
            double mine = weights[i] * (*own - 1);
            Vector512<double> s = Vector512.Create(weights[i]);
            for (int k = 0; k < panels; k++)
            {
                (s * Vector512.Load(at + (k * step))).Store(at + (k * step));
            }

            *own = mine;
        }
    }

    /// <summary>Replaces probabilities by s · p · (1 − p), and gives the sum of these of each row.</summary>
    /// <param name="p">Panels of classes.</param>
    /// <param name="step">From panel to panel.</param>
    /// <param name="panels">Panels of classes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="weights">s per row.</param>
    /// <param name="sums">Per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spreads(double* p, long step, int panels, int rows, double* weights, double* sums)
    {
        for (int i = 0; i < rows; i++)
        {
            double* at = p + (i * Lanes);
            Vector512<double> s = Vector512.Create(weights[i]), sum = Vector512<double>.Zero;
            for (int k = 0; k < panels; k++)
            {
                Vector512<double> v = Vector512.Load(at + (k * step)), spread = s * v * (Vector512<double>.One - v);
                spread.Store(at + (k * step));
                sum += spread;
            }

            sums[i] = RowSum.Total(sum);
        }
    }

    /// <summary>Replaces changes u of the logits by the changes of the residuals that they bring: s · p · (u − Σ p u).</summary>
    /// <param name="u">Panels of classes.</param>
    /// <param name="p">Probabilities, laid out alike.</param>
    /// <param name="step">From panel to panel.</param>
    /// <param name="panels">Panels of classes.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="weights">s per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Changes(double* u, double* p, long step, int panels, int rows, double* weights)
    {
        for (int i = 0; i < rows; i++)
        {
            double* to = u + (i * Lanes), of = p + (i * Lanes);
            Vector512<double> lanes = Vector512<double>.Zero, s = Vector512.Create(weights[i]);
            for (int k = 0; k < panels; k++)
            {
                lanes = Vector512.FusedMultiplyAdd(Vector512.Load(of + (k * step)), Vector512.Load(to + (k * step)), lanes);
            }

            Vector512<double> mean = Vector512.Create(RowSum.Total(lanes));
            for (int k = 0; k < panels; k++)
            {
                (s * Vector512.Load(of + (k * step)) * (Vector512.Load(to + (k * step)) - mean)).Store(to + (k * step));
            }
        }
    }

    private static double Largest(Vector512<double> lanes)
    {
        Vector256<double> four = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
        Vector128<double> two = Vector128.Max(four.GetLower(), four.GetUpper());
        return Math.Max(two.GetElement(0), two.GetElement(1));
    }
}
