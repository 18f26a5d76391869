using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>Four queries by 12 rows of floats in 12 of the 16 registers of 128 bits, where there are no wider ones.</summary>
internal static unsafe class Tile128
{
    public const int Rows = 4;
    public const int Columns = 12;

    /// <inheritdoc cref="TileShape.Score" path="/summary"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score(float* queries, float* rows, int words, TileSides* sides, float* dots)
    {
        Vector128<float> d0a = Vector128<float>.Zero, d0b = Vector128<float>.Zero, d0c = Vector128<float>.Zero;
        Vector128<float> d1a = Vector128<float>.Zero, d1b = Vector128<float>.Zero, d1c = Vector128<float>.Zero;
        Vector128<float> d2a = Vector128<float>.Zero, d2b = Vector128<float>.Zero, d2c = Vector128<float>.Zero;
        Vector128<float> d3a = Vector128<float>.Zero, d3b = Vector128<float>.Zero, d3c = Vector128<float>.Zero;
        for (float* end = queries + ((nint)words * Rows); queries < end; queries += Rows, rows += Columns)
        {
            Vector128<float> a = Vector128.Load(rows), b = Vector128.Load(rows + 4), c = Vector128.Load(rows + 8), q = Vector128.Create(queries[0]);
            d0a = Vector128.MultiplyAddEstimate(q, a, d0a);
            d0b = Vector128.MultiplyAddEstimate(q, b, d0b);
            d0c = Vector128.MultiplyAddEstimate(q, c, d0c);
            q = Vector128.Create(queries[1]);
            d1a = Vector128.MultiplyAddEstimate(q, a, d1a);
            d1b = Vector128.MultiplyAddEstimate(q, b, d1b);
            d1c = Vector128.MultiplyAddEstimate(q, c, d1c);
            q = Vector128.Create(queries[2]);
            d2a = Vector128.MultiplyAddEstimate(q, a, d2a);
            d2b = Vector128.MultiplyAddEstimate(q, b, d2b);
            d2c = Vector128.MultiplyAddEstimate(q, c, d2c);
            q = Vector128.Create(queries[3]);
            d3a = Vector128.MultiplyAddEstimate(q, a, d3a);
            d3b = Vector128.MultiplyAddEstimate(q, b, d3b);
            d3c = Vector128.MultiplyAddEstimate(q, c, d3c);
        }

        uint hits = 0;
        hits |= Row(0, d0a, d0b, d0c, sides, dots);
        hits |= Row(1, d1a, d1b, d1c, sides, dots);
        hits |= Row(2, d2a, d2b, d2c, sides, dots);
        hits |= Row(3, d3a, d3b, d3c, sides, dots);
        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Row(int i, Vector128<float> a, Vector128<float> b, Vector128<float> c, TileSides* sides, float* dots)
    {
        float* offsets = sides->Offsets, rowThresholds = sides->RowThresholds;
        Vector128<float> threshold = Vector128.Create(sides->Thresholds[i]);
        Vector128<float> nearer = Vector128.GreaterThan(a - Vector128.Load(offsets), threshold) |
            Vector128.GreaterThan(b - Vector128.Load(offsets + 4), threshold) |
            Vector128.GreaterThan(c - Vector128.Load(offsets + 8), threshold);
        uint hits = nearer.ExtractMostSignificantBits() == 0 ? 0u : 1u << i;
        if (rowThresholds != null)
        {
            Vector128<float> offset = Vector128.Create(sides->QueryOffsets[i]);
            nearer = Vector128.GreaterThan(a - offset, Vector128.Load(rowThresholds)) |
                Vector128.GreaterThan(b - offset, Vector128.Load(rowThresholds + 4)) |
                Vector128.GreaterThan(c - offset, Vector128.Load(rowThresholds + 8));
            hits |= nearer.ExtractMostSignificantBits() == 0 ? 0u : 256u << i;
        }

        if (hits != 0)
        {
            a.Store(dots + (i * Columns));
            b.Store(dots + (i * Columns) + 4);
            c.Store(dots + (i * Columns) + 8);
        }

        return hits;
    }
}
