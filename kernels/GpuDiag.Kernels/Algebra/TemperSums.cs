using System.Runtime.CompilerServices;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// The three sums over the classes of a row that <see cref="Temper"/> needs, in one or more lanes:
/// Σ w, Σ w·c and Σ w·c² with c_k = l_k − l_top and w_k = exp(β·c_k). The default is the empty sum.
/// </summary>
public readonly struct TemperSums<T>(T weight, T first, T second)
    where T : struct, ILanes<T>
{
    public T Weight { get; } = weight;

    public T First { get; } = first;

    public T Second { get; } = second;

    /// <summary>These sums and one more column, of probability p. top is ln(clip(largest probability)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TemperSums<T> Add(T p, T top, T beta) => AddCentred(Temper.Centre(p, top), beta);

    /// <summary>These sums and one more column, of which <see cref="Temper.Centre"/> is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TemperSums<T> AddCentred(T centred, T beta)
    {
        var weight = Elementary.Exp(T.Mul(beta, centred));
        var first = T.Mul(weight, centred);
        return new(T.Add(Weight, weight), T.Add(First, first), T.Fma(first, centred, Second));
    }

    /// <summary>Lane by lane: these where a &lt; b, the others elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TemperSums<T> WhereLess(T a, T b, TemperSums<T> otherwise) => new(
        T.IfLess(a, b, Weight, otherwise.Weight),
        T.IfLess(a, b, First, otherwise.First),
        T.IfLess(a, b, Second, otherwise.Second));

    /// <summary>The sums of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TemperSums<T> Add(TemperSums<T> other) =>
        new(T.Add(Weight, other.Weight), T.Add(First, other.First), T.Add(Second, other.Second));
}
