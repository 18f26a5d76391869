using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Cpu;

/// <summary>
/// Rows by eight columns at a time, all sums in one pass: the lanes of the canonical order are those of one register, or
/// of two where registers hold four.
/// </summary>
internal readonly unsafe struct VectorRows : IRowReader
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryScan<TRow>(TRow row, int classes, int label, out RowScan scan)
        where TRow : struct, IVectorRow
    {
        Vector512<double> valid = Vector512<double>.AllBitsSet, top = Vector512.Create(double.NegativeInfinity), second = top;
        Vector512<double> own = Vector512.Create(label < 0 ? double.PositiveInfinity : row.At(label)), target = Vector512.Create((double)label);
        Vector512<double> column = Vector512.CreateSequence(0.0, 1.0), rank = Vector512<double>.Zero;
        Lanes8 entropy = Lanes8.Of(0.0), mass = entropy, brier = entropy;
        for (int k = 0; k < classes; k += RowSum.Lanes)
        {
            Vector512<double> p, ordered;
            if (k + RowSum.Lanes <= classes)
            {
                ordered = p = row.Load(k);
            }
            else
            {
                p = row.LoadTail(k, classes - k);
                ordered = Vector512.ConditionalSelect(Vector512.LessThan(column, Vector512.Create((double)classes)), p, Vector512.Create(double.NegativeInfinity));
            }

            valid &= IsValid(p);
            second = Vector512.MaxNative(second, Vector512.MinNative(top, ordered));
            top = Vector512.MaxNative(top, ordered);
            Vector512<double> before = Vector512.GreaterThan(ordered, own) | (Vector512.Equals(ordered, own) & Vector512.LessThan(column, target));
            rank += before & Vector512<double>.One;
            Lanes8 isLabel = new(Vector512.Equals(column, target) & Vector512<double>.One);
            entropy = Entropy.Add(entropy, new Lanes8(p), isLabel);
            mass = Mass.Add(mass, new Lanes8(p), isLabel);
            brier = Brier.Add(brier, new Lanes8(p), isLabel);
            column += Vector512.Create((double)RowSum.Lanes);
        }

        if (!AllSet(valid))
        {
            scan = default;
            return false;
        }

        (double largest, double next) = TopTwo(top, second);
        int best = FirstEqual(row, classes, largest);
        // Where nothing is above 0, signs of zero decide the margin's: the definition settles it.
        double margin = largest > 0 && classes > 1 ? largest - next : RowOrder.Margin(row, classes);
        scan = new RowScan(
            best, row.At(best), margin, RowSum.Total(entropy.Value), RowSum.Total(mass.Value), RowSum.Total(brier.Value), (int)Vector512.Sum(rank));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryLargest<TRow>(TRow row, int classes, out double largest)
        where TRow : struct, IVectorRow
    {
        Vector512<double> valid = Vector512<double>.AllBitsSet, top = Vector512.Create(double.NegativeInfinity);
        int k = 0;
        for (; k + RowSum.Lanes <= classes; k += RowSum.Lanes)
        {
            Vector512<double> p = row.Load(k);
            valid &= IsValid(p);
            top = Vector512.MaxNative(top, p);
        }

        (largest, _) = TopTwo(top, top);
        bool all = AllSet(valid);
        for (; k < classes; k++)
        {
            double p = row.At(k);
            all &= RowRule.IsValid(p);
            largest = p > largest ? p : largest;
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Centre<TRow>(TRow row, int classes, double top, double* centred)
        where TRow : struct, IVectorRow
    {
        Lanes8 tops = Lanes8.Of(top);
        for (int k = 0; k < classes; k += RowSum.Lanes)
        {
            Vector512<double> p = k + RowSum.Lanes <= classes ? row.Load(k) : row.LoadTail(k, classes - k);
            Kernels.Algebra.Temper.Centre(new Lanes8(p), tops).Value.Store(centred + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Temper Temper(double* centred, int classes, double labelProbability, double top, double beta)
    {
        // One call of the exponential in this loop, tail and all: the JIT's inlining budget does not reach to a second.
        Lanes8 betas = Lanes8.Of(beta), last = Lanes8.Of(classes), column = new(Vector512.CreateSequence(0.0, 1.0));
        TemperSums<Lanes8> sums = default;
        for (int k = 0; k < classes; k += RowSum.Lanes)
        {
            sums = sums.AddCentred(new Lanes8(Vector512.Load(centred + k)), betas).WhereLess(column, last, sums);
            column = Lanes8.Add(column, Lanes8.Of(RowSum.Lanes));
        }

        return Kernels.Algebra.Temper.Finish(
            RowSum.Total(sums.Weight.Value), RowSum.Total(sums.First.Value), RowSum.Total(sums.Second.Value), labelProbability, top, beta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> IsValid(Vector512<double> p) =>
        Vector512.GreaterThanOrEqual(p, Vector512.Create(RowRule.Least)) & Vector512.LessThanOrEqual(p, Vector512.Create(RowRule.Most));

    private static bool AllSet(Vector512<double> mask) => Vector512.EqualsAll(mask.AsInt64(), Vector512<long>.AllBitsSet);

    /// <summary>The two largest of the columns, from each lane's two largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double Top, double Second) TopTwo(Vector512<double> top, Vector512<double> second)
    {
        Vector256<double> t4 = Vector256.MaxNative(top.GetLower(), top.GetUpper());
        Vector256<double> s4 = Vector256.MaxNative(
            Vector256.MinNative(top.GetLower(), top.GetUpper()), Vector256.MaxNative(second.GetLower(), second.GetUpper()));
        Vector128<double> t2 = Vector128.MaxNative(t4.GetLower(), t4.GetUpper());
        Vector128<double> s2 = Vector128.MaxNative(
            Vector128.MinNative(t4.GetLower(), t4.GetUpper()), Vector128.MaxNative(s4.GetLower(), s4.GetUpper()));
        (double a, double b) = (t2.GetElement(0), t2.GetElement(1));
        double other = a > b ? b : a, rest = s2.GetElement(0) > s2.GetElement(1) ? s2.GetElement(0) : s2.GetElement(1);
        return (a > b ? a : b, other > rest ? other : rest);
    }

    private static int FirstEqual<TRow>(TRow row, int classes, double value)
        where TRow : struct, IVectorRow
    {
        Vector512<double> wanted = Vector512.Create(value);
        for (int k = 0; k + RowSum.Lanes <= classes; k += RowSum.Lanes)
        {
            ulong hits = Vector512.Equals(row.Load(k), wanted).ExtractMostSignificantBits();
            if (hits != 0)
            {
                return k + BitOperations.TrailingZeroCount(hits);
            }
        }

        int last = classes & ~(RowSum.Lanes - 1);
        while (row.At(last) != value)
        {
            last++;
        }

        return last;
    }
}
