using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>Eight queries by 48 rows of floats in 24 registers of 512 bits: 24 multiply-adds for 11 loads.</summary>
internal static unsafe class Tile512
{
    public const int Rows = 8;
    public const int Columns = 48;

    /// <inheritdoc cref="TileShape.Score" path="/summary"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score(float* queries, float* rows, int words, TileSides* sides, float* dots)
    {
        Vector512<float> d0a = Vector512<float>.Zero, d0b = Vector512<float>.Zero, d0c = Vector512<float>.Zero;
        Vector512<float> d1a = Vector512<float>.Zero, d1b = Vector512<float>.Zero, d1c = Vector512<float>.Zero;
        Vector512<float> d2a = Vector512<float>.Zero, d2b = Vector512<float>.Zero, d2c = Vector512<float>.Zero;
        Vector512<float> d3a = Vector512<float>.Zero, d3b = Vector512<float>.Zero, d3c = Vector512<float>.Zero;
        Vector512<float> d4a = Vector512<float>.Zero, d4b = Vector512<float>.Zero, d4c = Vector512<float>.Zero;
        Vector512<float> d5a = Vector512<float>.Zero, d5b = Vector512<float>.Zero, d5c = Vector512<float>.Zero;
        Vector512<float> d6a = Vector512<float>.Zero, d6b = Vector512<float>.Zero, d6c = Vector512<float>.Zero;
        Vector512<float> d7a = Vector512<float>.Zero, d7b = Vector512<float>.Zero, d7c = Vector512<float>.Zero;
        for (float* end = queries + ((nint)words * Rows); queries < end; queries += Rows, rows += Columns)
        {
            Vector512<float> a = Vector512.Load(rows), b = Vector512.Load(rows + 16), c = Vector512.Load(rows + 32), q = Vector512.Create(queries[0]);
            d0a = Vector512.FusedMultiplyAdd(q, a, d0a);
            d0b = Vector512.FusedMultiplyAdd(q, b, d0b);
            d0c = Vector512.FusedMultiplyAdd(q, c, d0c);
            q = Vector512.Create(queries[1]);
            d1a = Vector512.FusedMultiplyAdd(q, a, d1a);
            d1b = Vector512.FusedMultiplyAdd(q, b, d1b);
            d1c = Vector512.FusedMultiplyAdd(q, c, d1c);
            q = Vector512.Create(queries[2]);
            d2a = Vector512.FusedMultiplyAdd(q, a, d2a);
            d2b = Vector512.FusedMultiplyAdd(q, b, d2b);
            d2c = Vector512.FusedMultiplyAdd(q, c, d2c);
            q = Vector512.Create(queries[3]);
            d3a = Vector512.FusedMultiplyAdd(q, a, d3a);
            d3b = Vector512.FusedMultiplyAdd(q, b, d3b);
            d3c = Vector512.FusedMultiplyAdd(q, c, d3c);
            q = Vector512.Create(queries[4]);
            d4a = Vector512.FusedMultiplyAdd(q, a, d4a);
            d4b = Vector512.FusedMultiplyAdd(q, b, d4b);
            d4c = Vector512.FusedMultiplyAdd(q, c, d4c);
            q = Vector512.Create(queries[5]);
            d5a = Vector512.FusedMultiplyAdd(q, a, d5a);
            d5b = Vector512.FusedMultiplyAdd(q, b, d5b);
            d5c = Vector512.FusedMultiplyAdd(q, c, d5c);
            q = Vector512.Create(queries[6]);
            d6a = Vector512.FusedMultiplyAdd(q, a, d6a);
            d6b = Vector512.FusedMultiplyAdd(q, b, d6b);
            d6c = Vector512.FusedMultiplyAdd(q, c, d6c);
            q = Vector512.Create(queries[7]);
            d7a = Vector512.FusedMultiplyAdd(q, a, d7a);
            d7b = Vector512.FusedMultiplyAdd(q, b, d7b);
            d7c = Vector512.FusedMultiplyAdd(q, c, d7c);
        }

        uint hits = 0;
        hits |= Row(0, d0a, d0b, d0c, sides, dots);
        hits |= Row(1, d1a, d1b, d1c, sides, dots);
        hits |= Row(2, d2a, d2b, d2c, sides, dots);
        hits |= Row(3, d3a, d3b, d3c, sides, dots);
        hits |= Row(4, d4a, d4b, d4c, sides, dots);
        hits |= Row(5, d5a, d5b, d5c, sides, dots);
        hits |= Row(6, d6a, d6b, d6c, sides, dots);
        hits |= Row(7, d7a, d7b, d7c, sides, dots);
        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Row(int i, Vector512<float> a, Vector512<float> b, Vector512<float> c, TileSides* sides, float* dots)
    {
        float* offsets = sides->Offsets, rowThresholds = sides->RowThresholds;
        Vector512<float> threshold = Vector512.Create(sides->Thresholds[i]);
        Vector512<float> nearer = Vector512.GreaterThan(a - Vector512.Load(offsets), threshold) |
            Vector512.GreaterThan(b - Vector512.Load(offsets + 16), threshold) |
            Vector512.GreaterThan(c - Vector512.Load(offsets + 32), threshold);
        uint hits = nearer.ExtractMostSignificantBits() == 0 ? 0u : 1u << i;
        if (rowThresholds != null)
        {
            Vector512<float> offset = Vector512.Create(sides->QueryOffsets[i]);
            nearer = Vector512.GreaterThan(a - offset, Vector512.Load(rowThresholds)) |
                Vector512.GreaterThan(b - offset, Vector512.Load(rowThresholds + 16)) |
                Vector512.GreaterThan(c - offset, Vector512.Load(rowThresholds + 32));
            hits |= nearer.ExtractMostSignificantBits() == 0 ? 0u : 256u << i;
        }

        if (hits != 0)
        {
            a.Store(dots + (i * Columns));
            b.Store(dots + (i * Columns) + 16);
            c.Store(dots + (i * Columns) + 32);
        }

        return hits;
    }
}
