using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Temperature scaling of one row at inverse temperature β = 1/T: with l_k = ln(clip(p_k, 2^−52, 1)) and
/// q = softmax(β·l), the loss −ln q_label, its derivative in β, E_q[l] − l_label, and its second derivative, Var_q[l] ≥ 0.
/// Logits are centred on the largest, so nothing overflows and the variance does not cancel.
/// The three are summed as <c>FixedSum.Quantize(Mul(value, Scale))</c>; multiply a total by <see cref="InverseScale"/>.
/// |l| ≤ 36.05, so the loss stays in the grid's range for β ≤ <see cref="MaxBeta"/> and up to 10^6 classes.
/// </summary>
public readonly struct Temper
{
    /// <summary>What each value is multiplied by before it enters a <see cref="FixedSum"/>.</summary>
    public const double Scale = 0.0625;

    /// <summary>Undoes <see cref="Scale"/>.</summary>
    public const double InverseScale = 16.0;

    /// <summary>The largest inverse temperature whose losses fit the grid.</summary>
    public const double MaxBeta = 56.0;

    private Temper(double loss, double gradient, double curvature)
    {
        Loss = loss;
        Gradient = gradient;
        Curvature = curvature;
    }

    /// <summary>−ln q_label, nats.</summary>
    public double Loss { get; }

    /// <summary>d Loss / dβ.</summary>
    public double Gradient { get; }

    /// <summary>d² Loss / dβ².</summary>
    public double Curvature { get; }

    /// <summary>c = ln(clip(p)) − top: what does not depend on β.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Centre<T>(T p, T top)
        where T : struct, ILanes<T> => T.Sub(LogLoss.LogClipped(p), top);

    /// <summary>The sums of one lane of the canonical order. top is <c>LogLoss.LogClipped</c> of the largest probability.</summary>
    public static TemperSums<Lanes1> Lane<TRow>(TRow row, int classes, double top, double beta, int lane)
        where TRow : struct, IRow
    {
        var sums = default(TemperSums<Lanes1>);
        for (var k = lane; k < classes; k += RowSum.Lanes)
            sums = sums.Add(new Lanes1(row.At(k)), new Lanes1(top), new Lanes1(beta));
        return sums;
    }

    /// <summary>
    /// The row by one thread. largest is the largest probability of the row, 0 ≤ label &lt; classes.
    /// Compiles on every ILGPU backend.
    /// </summary>
    public static Temper Of<TRow>(TRow row, int classes, int label, double largest, double beta)
        where TRow : struct, IRow
    {
        var top = Top(largest);
        var total = default(TemperSums<Lanes1>);
        var half = total;
        var pair = total;
        for (var i = 0; i < RowSum.Lanes; i++)
        {
            var lane = Lane(row, classes, top, beta, RowSum.LaneAt(i));
            var added = pair.Add(lane);
            pair = lane;
            if ((i & 3) == 1)
                half = added;
            if ((i & 3) == 3)
                half = half.Add(added);
            if (i == 3)
                total = half;
        }

        total = total.Add(half);
        return Finish(total.Weight.Value, total.First.Value, total.Second.Value, row.At(label), top, beta);
    }

    /// <summary>The row, eight columns at a time. Host only; the bits of <see cref="Of"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Temper OfVector<TRow>(TRow row, int classes, int label, double largest, double beta)
        where TRow : struct, IVectorRow
    {
        var top = Top(largest);
        var tops = Lanes8.Of(top);
        var betas = Lanes8.Of(beta);
        var sums = default(TemperSums<Lanes8>);
        for (var k = 0; k < classes; k += RowSum.Lanes)
        {
            // One copy of the step: two overrun the JIT's inlining budget.
            var full = k + RowSum.Lanes <= classes;
            var longer = sums.Add(new Lanes8(full ? row.Load(k) : row.LoadTail(k, classes - k)), tops, betas);
            sums = full ? longer : longer.WhereLess(new Lanes8(Vector512.CreateSequence(0.0, 1.0)), Lanes8.Of(classes - k), sums);
        }

        return Finish(
            RowSum.Total(sums.Weight.Value), RowSum.Total(sums.First.Value), RowSum.Total(sums.Second.Value), row.At(label), top, beta);
    }

    /// <summary>ln(clip(largest probability)), on which the logits are centred.</summary>
    public static double Top(double largest) => LogLoss.LogClipped(new Lanes1(largest)).Value;

    /// <summary>The row's values from its sums, the label's probability, and top = ln(clip(largest probability)).</summary>
    public static Temper Finish(double weight, double first, double second, double label, double top, double beta)
    {
        var centred = Deterministic.Sub(LogLoss.LogClipped(new Lanes1(label)).Value, top);
        var mean = Deterministic.Div(first, weight);
        var opposite = Deterministic.Sub(0.0, mean);
        var curvature = Deterministic.Fma(opposite, mean, Deterministic.Div(second, weight));
        return new(
            Deterministic.Fma(Deterministic.Sub(0.0, beta), centred, Deterministic.Log(weight)),
            Deterministic.Sub(mean, centred),
            curvature > 0.0 ? curvature : 0.0);
    }
}
