using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>Four queries by 24 rows of floats in 12 of the 16 registers of 256 bits.</summary>
internal static unsafe class Tile256
{
    public const int Rows = 4;
    public const int Columns = 24;

    /// <inheritdoc cref="TileShape.Score" path="/summary"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score(float* queries, float* rows, int words, TileSides* sides, float* dots)
    {
        Vector256<float> d0a = Vector256<float>.Zero, d0b = Vector256<float>.Zero, d0c = Vector256<float>.Zero;
        Vector256<float> d1a = Vector256<float>.Zero, d1b = Vector256<float>.Zero, d1c = Vector256<float>.Zero;
        Vector256<float> d2a = Vector256<float>.Zero, d2b = Vector256<float>.Zero, d2c = Vector256<float>.Zero;
        Vector256<float> d3a = Vector256<float>.Zero, d3b = Vector256<float>.Zero, d3c = Vector256<float>.Zero;
        for (float* end = queries + ((nint)words * Rows); queries < end; queries += Rows, rows += Columns)
        {
            Vector256<float> a = Vector256.Load(rows), b = Vector256.Load(rows + 8), c = Vector256.Load(rows + 16), q = Vector256.Create(queries[0]);
            d0a = Vector256.MultiplyAddEstimate(q, a, d0a);
            d0b = Vector256.MultiplyAddEstimate(q, b, d0b);
            d0c = Vector256.MultiplyAddEstimate(q, c, d0c);
            q = Vector256.Create(queries[1]);
            d1a = Vector256.MultiplyAddEstimate(q, a, d1a);
            d1b = Vector256.MultiplyAddEstimate(q, b, d1b);
            d1c = Vector256.MultiplyAddEstimate(q, c, d1c);
            q = Vector256.Create(queries[2]);
            d2a = Vector256.MultiplyAddEstimate(q, a, d2a);
            d2b = Vector256.MultiplyAddEstimate(q, b, d2b);
            d2c = Vector256.MultiplyAddEstimate(q, c, d2c);
            q = Vector256.Create(queries[3]);
            d3a = Vector256.MultiplyAddEstimate(q, a, d3a);
            d3b = Vector256.MultiplyAddEstimate(q, b, d3b);
            d3c = Vector256.MultiplyAddEstimate(q, c, d3c);
        }

        uint hits = 0;
        hits |= Row(0, d0a, d0b, d0c, sides, dots);
        hits |= Row(1, d1a, d1b, d1c, sides, dots);
        hits |= Row(2, d2a, d2b, d2c, sides, dots);
        hits |= Row(3, d3a, d3b, d3c, sides, dots);
        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Row(int i, Vector256<float> a, Vector256<float> b, Vector256<float> c, TileSides* sides, float* dots)
    {
        float* offsets = sides->Offsets, rowThresholds = sides->RowThresholds;
        Vector256<float> threshold = Vector256.Create(sides->Thresholds[i]);
        Vector256<float> nearer = Vector256.GreaterThan(a - Vector256.Load(offsets), threshold) |
            Vector256.GreaterThan(b - Vector256.Load(offsets + 8), threshold) |
            Vector256.GreaterThan(c - Vector256.Load(offsets + 16), threshold);
        uint hits = nearer.ExtractMostSignificantBits() == 0 ? 0u : 1u << i;
        if (rowThresholds != null)
        {
            Vector256<float> offset = Vector256.Create(sides->QueryOffsets[i]);
            nearer = Vector256.GreaterThan(a - offset, Vector256.Load(rowThresholds)) |
                Vector256.GreaterThan(b - offset, Vector256.Load(rowThresholds + 8)) |
                Vector256.GreaterThan(c - offset, Vector256.Load(rowThresholds + 16));
            hits |= nearer.ExtractMostSignificantBits() == 0 ? 0u : 256u << i;
        }

        if (hits != 0)
        {
            a.Store(dots + (i * Columns));
            b.Store(dots + (i * Columns) + 8);
            c.Store(dots + (i * Columns) + 16);
        }

        return hits;
    }
}
