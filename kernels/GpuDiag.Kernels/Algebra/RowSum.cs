using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Sums over the classes of a row in the canonical order, which every backend keeps so that all have the same bits:
/// lane j (0 ≤ j &lt; 8) starts at 0 and takes columns j, j + 8, j + 16, … in turn; then the lanes are added as
/// ((0+4)+(2+6)) + ((1+5)+(3+7)), which is a butterfly over lanes whose numbers differ in bit 2, bit 1, bit 0.
/// </summary>
public static class RowSum
{
    /// <summary>Lanes of the canonical order.</summary>
    public const int Lanes = 8;

    /// <summary>
    /// The sum of one lane. A device may give each lane to a thread and finish with <see cref="Deterministic.Add"/> over
    /// shuffles by 4, 2 and 1.
    /// </summary>
    public static double Lane<TRow, TTerm>(TRow row, int classes, int label, int lane)
        where TRow : struct, IRow
        where TTerm : struct, IRowTerm
    {
        var sum = new Lanes1(0.0);
        for (var k = lane; k < classes; k += Lanes)
            sum = TTerm.Add(sum, new Lanes1(row.At(k)), new Lanes1(k == label ? 1.0 : 0.0));
        return sum.Value;
    }

    /// <summary>The whole sum by one thread. Compiles on every ILGPU backend.</summary>
    public static double Of<TRow, TTerm>(TRow row, int classes, int label)
        where TRow : struct, IRow
        where TTerm : struct, IRowTerm
    {
        var total = 0.0;
        var half = 0.0;
        var pair = 0.0;
        for (var i = 0; i < Lanes; i++)
        {
            var lane = Lane<TRow, TTerm>(row, classes, label, LaneAt(i));
            var even = (i & 1) == 0;
            var added = Deterministic.Add(pair, lane);
            pair = even ? lane : added;
            half = (i & 3) == 3 ? Deterministic.Add(half, added) : (i & 3) == 1 ? added : half;
            total = i == 7 ? Deterministic.Add(total, half) : i == 3 ? half : total;
        }

        return total;
    }

    /// <summary>The whole sum, eight columns at a time. Host only; the bits of <see cref="Of"/>.</summary>
    /// <remarks>One copy of the term, and not inlined: two copies overrun the JIT's inlining budget, at 20 times the cost.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfVector<TRow, TTerm>(TRow row, int classes, int label)
        where TRow : struct, IVectorRow
        where TTerm : struct, IRowTerm
    {
        var sum = new Lanes8(Vector512<double>.Zero);
        var column = Vector512.CreateSequence(0.0, 1.0);
        var target = Vector512.Create((double)label);
        for (var k = 0; k < classes; k += Lanes)
        {
            var full = k + Lanes <= classes;
            var isLabel = Vector512.ConditionalSelect(Vector512.Equals(column, target), Vector512<double>.One, Vector512<double>.Zero);
            var longer = TTerm.Add(sum, new Lanes8(full ? row.Load(k) : row.LoadTail(k, classes - k)), new Lanes8(isLabel));
            sum = full ? longer : Lanes8.IfLess(new Lanes8(column), Lanes8.Of(classes), longer, sum);
            column += Vector512.Create((double)Lanes);
        }

        return Total(sum.Value);
    }

    /// <summary>Eight lanes added in the canonical order. Host only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Total(Vector512<double> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    /// <summary>The i-th lane in the order in which the tree takes them: the three bits of i, reversed.</summary>
    internal static int LaneAt(int i) => ((i & 1) << 2) | (i & 2) | (i >> 2);
}
