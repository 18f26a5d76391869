using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// Small products in registers: C[j, ·] += Σ_t a[j, t] · B[t, ·] for eight j and one to three registers of columns. Each entry is a
/// chain of fused multiply-adds in the order of t, so that neither the tile's shape nor the width of registers shows in a bit. Host only.
/// </summary>
internal static unsafe class LinearTiles
{
    /// <summary>Where a[j, t] lies.</summary>
    internal interface IOrder
    {
        /// <summary>From j to j + 1.</summary>
        static abstract int Row { get; }

        /// <summary>From t to t + 1.</summary>
        static abstract int Step { get; }
    }

    /// <summary>j are rows of a panel, t its dimensions: logits.</summary>
    internal readonly struct RowsByDimension : IOrder
    {
        public static int Row => LinearRows.Lanes;

        public static int Step => 1;
    }

    /// <summary>j are dimensions of a panel, t its rows: a gradient.</summary>
    internal readonly struct DimensionsByRow : IOrder
    {
        public static int Row => 1;

        public static int Step => LinearRows.Lanes;
    }

    /// <summary>Adds to a tile of 8 × (8 · columns).</summary>
    /// <param name="columns">Registers, 1 to 3.</param>
    /// <param name="a">The first of <paramref name="outer"/> panels.</param>
    /// <param name="outer">Panels.</param>
    /// <param name="outerStep">From panel to panel.</param>
    /// <param name="inner">Steps of each panel.</param>
    /// <param name="b">Eight columns for each step.</param>
    /// <param name="bStep">To the next eight columns.</param>
    /// <param name="c">Eight columns for each j.</param>
    /// <param name="cStep">To the next eight columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TOrder>(int columns, double* a, int outer, long outerStep, int inner, double* b, long bStep, double* c, long cStep)
        where TOrder : struct, IOrder
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            // Sixteen registers hold four rows of one column.
            for (int k = 0; k < columns; k++)
            {
                Four<TOrder>(a, outer, outerStep, inner, b + (k * bStep), c + (k * cStep));
                Four<TOrder>(a + (4 * TOrder.Row), outer, outerStep, inner, b + (k * bStep), c + (k * cStep) + (4 * LinearRows.Lanes));
            }
        }
        else if (columns == 3)
        {
            Three<TOrder>(a, outer, outerStep, inner, b, bStep, c, cStep);
        }
        else if (columns == 2)
        {
            Two<TOrder>(a, outer, outerStep, inner, b, bStep, c, cStep);
        }
        else
        {
            One<TOrder>(a, outer, outerStep, inner, b, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<TOrder>(double* a, int outer, long outerStep, int inner, double* b, long bStep, double* c, long cStep)
        where TOrder : struct, IOrder
    {
        double* d = c + cStep, e = d + cStep;
        Vector512<double> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 8), c2 = Vector512.Load(c + 16), c3 = Vector512.Load(c + 24);
        Vector512<double> c4 = Vector512.Load(c + 32), c5 = Vector512.Load(c + 40), c6 = Vector512.Load(c + 48), c7 = Vector512.Load(c + 56);
        Vector512<double> d0 = Vector512.Load(d), d1 = Vector512.Load(d + 8), d2 = Vector512.Load(d + 16), d3 = Vector512.Load(d + 24);
        Vector512<double> d4 = Vector512.Load(d + 32), d5 = Vector512.Load(d + 40), d6 = Vector512.Load(d + 48), d7 = Vector512.Load(d + 56);
        Vector512<double> e0 = Vector512.Load(e), e1 = Vector512.Load(e + 8), e2 = Vector512.Load(e + 16), e3 = Vector512.Load(e + 24);
        Vector512<double> e4 = Vector512.Load(e + 32), e5 = Vector512.Load(e + 40), e6 = Vector512.Load(e + 48), e7 = Vector512.Load(e + 56);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            double* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += 8)
            {
                Vector512<double> p = Vector512.Load(b), q = Vector512.Load(b + bStep), r = Vector512.Load(b + (2 * bStep));
                Vector512<double> v = Vector512.Create(x[0]);
                (c0, d0, e0) = (Fma(v, p, c0), Fma(v, q, d0), Fma(v, r, e0));
                v = Vector512.Create(x[TOrder.Row]);
                (c1, d1, e1) = (Fma(v, p, c1), Fma(v, q, d1), Fma(v, r, e1));
                v = Vector512.Create(x[2 * TOrder.Row]);
                (c2, d2, e2) = (Fma(v, p, c2), Fma(v, q, d2), Fma(v, r, e2));
                v = Vector512.Create(x[3 * TOrder.Row]);
                (c3, d3, e3) = (Fma(v, p, c3), Fma(v, q, d3), Fma(v, r, e3));
                v = Vector512.Create(x[4 * TOrder.Row]);
                (c4, d4, e4) = (Fma(v, p, c4), Fma(v, q, d4), Fma(v, r, e4));
                v = Vector512.Create(x[5 * TOrder.Row]);
                (c5, d5, e5) = (Fma(v, p, c5), Fma(v, q, d5), Fma(v, r, e5));
                v = Vector512.Create(x[6 * TOrder.Row]);
                (c6, d6, e6) = (Fma(v, p, c6), Fma(v, q, d6), Fma(v, r, e6));
                v = Vector512.Create(x[7 * TOrder.Row]);
                (c7, d7, e7) = (Fma(v, p, c7), Fma(v, q, d7), Fma(v, r, e7));
            }
        }

        Store(c, c0, c1, c2, c3, c4, c5, c6, c7);
        Store(d, d0, d1, d2, d3, d4, d5, d6, d7);
        Store(e, e0, e1, e2, e3, e4, e5, e6, e7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TOrder>(double* a, int outer, long outerStep, int inner, double* b, long bStep, double* c, long cStep)
        where TOrder : struct, IOrder
    {
        double* d = c + cStep;
        Vector512<double> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 8), c2 = Vector512.Load(c + 16), c3 = Vector512.Load(c + 24);
        Vector512<double> c4 = Vector512.Load(c + 32), c5 = Vector512.Load(c + 40), c6 = Vector512.Load(c + 48), c7 = Vector512.Load(c + 56);
        Vector512<double> d0 = Vector512.Load(d), d1 = Vector512.Load(d + 8), d2 = Vector512.Load(d + 16), d3 = Vector512.Load(d + 24);
        Vector512<double> d4 = Vector512.Load(d + 32), d5 = Vector512.Load(d + 40), d6 = Vector512.Load(d + 48), d7 = Vector512.Load(d + 56);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            double* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += 8)
            {
                Vector512<double> p = Vector512.Load(b), q = Vector512.Load(b + bStep), v = Vector512.Create(x[0]);
                (c0, d0) = (Fma(v, p, c0), Fma(v, q, d0));
                v = Vector512.Create(x[TOrder.Row]);
                (c1, d1) = (Fma(v, p, c1), Fma(v, q, d1));
                v = Vector512.Create(x[2 * TOrder.Row]);
                (c2, d2) = (Fma(v, p, c2), Fma(v, q, d2));
                v = Vector512.Create(x[3 * TOrder.Row]);
                (c3, d3) = (Fma(v, p, c3), Fma(v, q, d3));
                v = Vector512.Create(x[4 * TOrder.Row]);
                (c4, d4) = (Fma(v, p, c4), Fma(v, q, d4));
                v = Vector512.Create(x[5 * TOrder.Row]);
                (c5, d5) = (Fma(v, p, c5), Fma(v, q, d5));
                v = Vector512.Create(x[6 * TOrder.Row]);
                (c6, d6) = (Fma(v, p, c6), Fma(v, q, d6));
                v = Vector512.Create(x[7 * TOrder.Row]);
                (c7, d7) = (Fma(v, p, c7), Fma(v, q, d7));
            }
        }

        Store(c, c0, c1, c2, c3, c4, c5, c6, c7);
        Store(d, d0, d1, d2, d3, d4, d5, d6, d7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TOrder>(double* a, int outer, long outerStep, int inner, double* b, double* c)
        where TOrder : struct, IOrder
    {
        Vector512<double> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 8), c2 = Vector512.Load(c + 16), c3 = Vector512.Load(c + 24);
        Vector512<double> c4 = Vector512.Load(c + 32), c5 = Vector512.Load(c + 40), c6 = Vector512.Load(c + 48), c7 = Vector512.Load(c + 56);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            double* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += 8)
            {
                Vector512<double> p = Vector512.Load(b);
                c0 = Fma(Vector512.Create(x[0]), p, c0);
                c1 = Fma(Vector512.Create(x[TOrder.Row]), p, c1);
                c2 = Fma(Vector512.Create(x[2 * TOrder.Row]), p, c2);
                c3 = Fma(Vector512.Create(x[3 * TOrder.Row]), p, c3);
                c4 = Fma(Vector512.Create(x[4 * TOrder.Row]), p, c4);
                c5 = Fma(Vector512.Create(x[5 * TOrder.Row]), p, c5);
                c6 = Fma(Vector512.Create(x[6 * TOrder.Row]), p, c6);
                c7 = Fma(Vector512.Create(x[7 * TOrder.Row]), p, c7);
            }
        }

        Store(c, c0, c1, c2, c3, c4, c5, c6, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TOrder>(double* a, int outer, long outerStep, int inner, double* b, double* c)
        where TOrder : struct, IOrder
    {
        Vector256<double> c0 = Vector256.Load(c), c1 = Vector256.Load(c + 8), c2 = Vector256.Load(c + 16), c3 = Vector256.Load(c + 24);
        Vector256<double> d0 = Vector256.Load(c + 4), d1 = Vector256.Load(c + 12), d2 = Vector256.Load(c + 20), d3 = Vector256.Load(c + 28);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            double* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += 8)
            {
                Vector256<double> p = Vector256.Load(b), q = Vector256.Load(b + 4), v = Vector256.Create(x[0]);
                (c0, d0) = (Vector256.FusedMultiplyAdd(v, p, c0), Vector256.FusedMultiplyAdd(v, q, d0));
                v = Vector256.Create(x[TOrder.Row]);
                (c1, d1) = (Vector256.FusedMultiplyAdd(v, p, c1), Vector256.FusedMultiplyAdd(v, q, d1));
                v = Vector256.Create(x[2 * TOrder.Row]);
                (c2, d2) = (Vector256.FusedMultiplyAdd(v, p, c2), Vector256.FusedMultiplyAdd(v, q, d2));
                v = Vector256.Create(x[3 * TOrder.Row]);
                (c3, d3) = (Vector256.FusedMultiplyAdd(v, p, c3), Vector256.FusedMultiplyAdd(v, q, d3));
            }
        }

        c0.Store(c);
        d0.Store(c + 4);
        c1.Store(c + 8);
        d1.Store(c + 12);
        c2.Store(c + 16);
        d2.Store(c + 20);
        c3.Store(c + 24);
        d3.Store(c + 28);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fma(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* c, Vector512<double> a, Vector512<double> b, Vector512<double> d, Vector512<double> e, Vector512<double> f, Vector512<double> g, Vector512<double> h, Vector512<double> i)
    {
        a.Store(c);
        b.Store(c + 8);
        d.Store(c + 16);
        e.Store(c + 24);
        f.Store(c + 32);
        g.Store(c + 40);
        h.Store(c + 48);
        i.Store(c + 56);
    }
}
