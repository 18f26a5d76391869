using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Kernels.Algebra;

/// <summary>
/// <see cref="LinearTiles"/> in float32, registers of sixteen columns: each entry a chain of fused multiply-adds in the order of t,
/// whatever the width of registers. Host only.
/// </summary>
internal static unsafe class SingleTiles
{
    private const int Lanes = SingleProducts.ClassLanes;

    /// <summary>Adds to a tile of 8 × (16 · columns); parameters as in <see cref="LinearTiles.Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TOrder>(int columns, float* a, int outer, long outerStep, int inner, float* b, long bStep, float* c, long cStep)
        where TOrder : struct, LinearTiles.IOrder
    {
        if (Vector512.IsHardwareAccelerated && columns == 3)
        {
            Three<TOrder>(a, outer, outerStep, inner, b, bStep, c, cStep);
            return;
        }

        for (int k = 0; k < columns; k++)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                One<TOrder>(a, outer, outerStep, inner, b + (k * bStep), c + (k * cStep));
            }
            else
            {
                // Sixteen registers hold four rows of one column.
                Four<TOrder>(a, outer, outerStep, inner, b + (k * bStep), c + (k * cStep));
                Four<TOrder>(a + (4 * TOrder.Row), outer, outerStep, inner, b + (k * bStep), c + (k * cStep) + (4 * Lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<TOrder>(float* a, int outer, long outerStep, int inner, float* b, long bStep, float* c, long cStep)
        where TOrder : struct, LinearTiles.IOrder
    {
        float* d = c + cStep, e = d + cStep;
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16), c2 = Vector512.Load(c + 32), c3 = Vector512.Load(c + 48);
        Vector512<float> c4 = Vector512.Load(c + 64), c5 = Vector512.Load(c + 80), c6 = Vector512.Load(c + 96), c7 = Vector512.Load(c + 112);
        Vector512<float> d0 = Vector512.Load(d), d1 = Vector512.Load(d + 16), d2 = Vector512.Load(d + 32), d3 = Vector512.Load(d + 48);
        Vector512<float> d4 = Vector512.Load(d + 64), d5 = Vector512.Load(d + 80), d6 = Vector512.Load(d + 96), d7 = Vector512.Load(d + 112);
        Vector512<float> e0 = Vector512.Load(e), e1 = Vector512.Load(e + 16), e2 = Vector512.Load(e + 32), e3 = Vector512.Load(e + 48);
        Vector512<float> e4 = Vector512.Load(e + 64), e5 = Vector512.Load(e + 80), e6 = Vector512.Load(e + 96), e7 = Vector512.Load(e + 112);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            float* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += Lanes)
            {
                Vector512<float> p = Vector512.Load(b), q = Vector512.Load(b + bStep), r = Vector512.Load(b + (2 * bStep)), v = Vector512.Create(x[0]);
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
    private static void One<TOrder>(float* a, int outer, long outerStep, int inner, float* b, float* c)
        where TOrder : struct, LinearTiles.IOrder
    {
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16), c2 = Vector512.Load(c + 32), c3 = Vector512.Load(c + 48);
        Vector512<float> c4 = Vector512.Load(c + 64), c5 = Vector512.Load(c + 80), c6 = Vector512.Load(c + 96), c7 = Vector512.Load(c + 112);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            float* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += Lanes)
            {
                Vector512<float> p = Vector512.Load(b);
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
    private static void Four<TOrder>(float* a, int outer, long outerStep, int inner, float* b, float* c)
        where TOrder : struct, LinearTiles.IOrder
    {
        Vector256<float> c0 = Vector256.Load(c), c1 = Vector256.Load(c + 16), c2 = Vector256.Load(c + 32), c3 = Vector256.Load(c + 48);
        Vector256<float> d0 = Vector256.Load(c + 8), d1 = Vector256.Load(c + 24), d2 = Vector256.Load(c + 40), d3 = Vector256.Load(c + 56);
        for (int o = 0; o < outer; o++, a += outerStep)
        {
            float* x = a;
            for (int t = 0; t < inner; t++, x += TOrder.Step, b += Lanes)
            {
                Vector256<float> p = Vector256.Load(b), q = Vector256.Load(b + 8), v = Vector256.Create(x[0]);
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
        d0.Store(c + 8);
        c1.Store(c + 16);
        d1.Store(c + 24);
        c2.Store(c + 32);
        d2.Store(c + 40);
        c3.Store(c + 48);
        d3.Store(c + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> a, Vector512<float> b, Vector512<float> d, Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h, Vector512<float> i)
    {
        a.Store(c);
        b.Store(c + 16);
        d.Store(c + 32);
        e.Store(c + 48);
        f.Store(c + 64);
        g.Store(c + 80);
        h.Store(c + 96);
        i.Store(c + 112);
    }
}
