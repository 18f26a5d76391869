using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <content>The whole tile at once: its sums never leave the registers, which for short vectors is worth a tenth.</content>
internal static unsafe partial class ShortTile512
{
    /// <inheritdoc cref="TileShape.Score" path="/summary"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Whole(float* queries, float* rows, int words, TileSides* sides, float* dots)
    {
        Vector512<int> d0a = Vector512<int>.Zero, d0b = Vector512<int>.Zero, d0c = Vector512<int>.Zero;
        Vector512<int> d1a = Vector512<int>.Zero, d1b = Vector512<int>.Zero, d1c = Vector512<int>.Zero;
        Vector512<int> d2a = Vector512<int>.Zero, d2b = Vector512<int>.Zero, d2c = Vector512<int>.Zero;
        Vector512<int> d3a = Vector512<int>.Zero, d3b = Vector512<int>.Zero, d3c = Vector512<int>.Zero;
        Vector512<int> d4a = Vector512<int>.Zero, d4b = Vector512<int>.Zero, d4c = Vector512<int>.Zero;
        Vector512<int> d5a = Vector512<int>.Zero, d5b = Vector512<int>.Zero, d5c = Vector512<int>.Zero;
        Vector512<int> d6a = Vector512<int>.Zero, d6b = Vector512<int>.Zero, d6c = Vector512<int>.Zero;
        Vector512<int> d7a = Vector512<int>.Zero, d7b = Vector512<int>.Zero, d7c = Vector512<int>.Zero;
        for (float* end = queries + ((nint)words * Rows); queries < end; queries += Rows, rows += Columns)
        {
            Vector512<short> a = Vector512.Load(rows).AsInt16(), b = Vector512.Load(rows + 16).AsInt16(), c = Vector512.Load(rows + 32).AsInt16(), q = Vector512.Create(queries[0]).AsInt16();
            d0a += Avx512BW.MultiplyAddAdjacent(q, a);
            d0b += Avx512BW.MultiplyAddAdjacent(q, b);
            d0c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[1]).AsInt16();
            d1a += Avx512BW.MultiplyAddAdjacent(q, a);
            d1b += Avx512BW.MultiplyAddAdjacent(q, b);
            d1c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[2]).AsInt16();
            d2a += Avx512BW.MultiplyAddAdjacent(q, a);
            d2b += Avx512BW.MultiplyAddAdjacent(q, b);
            d2c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[3]).AsInt16();
            d3a += Avx512BW.MultiplyAddAdjacent(q, a);
            d3b += Avx512BW.MultiplyAddAdjacent(q, b);
            d3c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[4]).AsInt16();
            d4a += Avx512BW.MultiplyAddAdjacent(q, a);
            d4b += Avx512BW.MultiplyAddAdjacent(q, b);
            d4c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[5]).AsInt16();
            d5a += Avx512BW.MultiplyAddAdjacent(q, a);
            d5b += Avx512BW.MultiplyAddAdjacent(q, b);
            d5c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[6]).AsInt16();
            d6a += Avx512BW.MultiplyAddAdjacent(q, a);
            d6b += Avx512BW.MultiplyAddAdjacent(q, b);
            d6c += Avx512BW.MultiplyAddAdjacent(q, c);
            q = Vector512.Create(queries[7]).AsInt16();
            d7a += Avx512BW.MultiplyAddAdjacent(q, a);
            d7b += Avx512BW.MultiplyAddAdjacent(q, b);
            d7c += Avx512BW.MultiplyAddAdjacent(q, c);
        }

        uint hits = 0;
        hits |= WholeRow(0, d0a, d0b, d0c, sides, dots);
        hits |= WholeRow(1, d1a, d1b, d1c, sides, dots);
        hits |= WholeRow(2, d2a, d2b, d2c, sides, dots);
        hits |= WholeRow(3, d3a, d3b, d3c, sides, dots);
        hits |= WholeRow(4, d4a, d4b, d4c, sides, dots);
        hits |= WholeRow(5, d5a, d5b, d5c, sides, dots);
        hits |= WholeRow(6, d6a, d6b, d6c, sides, dots);
        hits |= WholeRow(7, d7a, d7b, d7c, sides, dots);
        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint WholeRow(int i, Vector512<int> first, Vector512<int> second, Vector512<int> third, TileSides* sides, float* dots)
    {
        Vector512<float> scale = Vector512.Create(sides->QueryScales[i]);
        float* scales = sides->RowScales;
        Vector512<float> a = Vector512.ConvertToSingle(first) * Vector512.Load(scales) * scale;
        Vector512<float> b = Vector512.ConvertToSingle(second) * Vector512.Load(scales + 16) * scale;
        Vector512<float> c = Vector512.ConvertToSingle(third) * Vector512.Load(scales + 32) * scale;
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
