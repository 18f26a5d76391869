using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDiag.Engine.Cpu.Neighbors;

/// <summary>
/// Eight queries by 48 rows of 16-bit whole numbers in 24 registers of 512 bits: a multiply-add takes two dimensions at once.
/// After the head of the vectors, pairs whose rest cannot lift them above a threshold are let go (docs/neighbours.md).
/// </summary>
internal static unsafe partial class ShortTile512
{
    public const int Rows = 8;
    public const int Columns = 48;

    /// <summary>Vectors of 16 rows for which the rest is computed one by one; more are not faster than the whole tile.</summary>
    private const int MostOpened = 8;

    private const uint All = (1u << (3 * Rows)) - 1;

    /// <inheritdoc cref="TileShape.Score" path="/summary"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score(float* queries, float* rows, int words, TileSides* sides, float* dots)
    {
        int head = sides->Head;
        if (head >= words)
        {
            return Whole(queries, rows, words, sides, dots);
        }

        int* sums = (int*)dots;
        new Span<int>(sums, Rows * Columns).Clear();
        AddProducts(queries, rows, head, sums);
        uint open = Promising(sides, sums);
        if (open == 0)
        {
            return 0;
        }

        int parts = BitOperations.PopCount(open);
        queries += (nint)head * Rows;
        rows += (nint)head * Columns;
        if (parts > MostOpened)
        {
            open = All;
            sides->Rest += HeadChoice.Parts * HeadChoice.RestUnit;
            AddProducts(queries, rows, words - head, sums);
        }
        else
        {
            sides->Rest += parts * HeadChoice.RestAlone;
            for (uint left = open; left != 0; left &= left - 1)
            {
                int at = BitOperations.TrailingZeroCount(left), line = at / 3, vector = 16 * (at % 3);
                AddLine(queries + line, rows + vector, words - head, sums + (line * Columns) + vector);
            }
        }

        return Finish(open, sides, dots);
    }

    /// <summary>Adds the products of these words to all sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddProducts(float* queries, float* rows, int words, int* sums)
    {
        Vector512<int> d0a = Vector512.Load(sums), d0b = Vector512.Load(sums + 16), d0c = Vector512.Load(sums + 32);
        Vector512<int> d1a = Vector512.Load(sums + 48), d1b = Vector512.Load(sums + 64), d1c = Vector512.Load(sums + 80);
        Vector512<int> d2a = Vector512.Load(sums + 96), d2b = Vector512.Load(sums + 112), d2c = Vector512.Load(sums + 128);
        Vector512<int> d3a = Vector512.Load(sums + 144), d3b = Vector512.Load(sums + 160), d3c = Vector512.Load(sums + 176);
        Vector512<int> d4a = Vector512.Load(sums + 192), d4b = Vector512.Load(sums + 208), d4c = Vector512.Load(sums + 224);
        Vector512<int> d5a = Vector512.Load(sums + 240), d5b = Vector512.Load(sums + 256), d5c = Vector512.Load(sums + 272);
        Vector512<int> d6a = Vector512.Load(sums + 288), d6b = Vector512.Load(sums + 304), d6c = Vector512.Load(sums + 320);
        Vector512<int> d7a = Vector512.Load(sums + 336), d7b = Vector512.Load(sums + 352), d7c = Vector512.Load(sums + 368);
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

        d0a.Store(sums);
        d0b.Store(sums + 16);
        d0c.Store(sums + 32);
        d1a.Store(sums + 48);
        d1b.Store(sums + 64);
        d1c.Store(sums + 80);
        d2a.Store(sums + 96);
        d2b.Store(sums + 112);
        d2c.Store(sums + 128);
        d3a.Store(sums + 144);
        d3b.Store(sums + 160);
        d3c.Store(sums + 176);
        d4a.Store(sums + 192);
        d4b.Store(sums + 208);
        d4c.Store(sums + 224);
        d5a.Store(sums + 240);
        d5b.Store(sums + 256);
        d5c.Store(sums + 272);
        d6a.Store(sums + 288);
        d6b.Store(sums + 304);
        d6c.Store(sums + 320);
        d7a.Store(sums + 336);
        d7b.Store(sums + 352);
        d7c.Store(sums + 368);
    }

    /// <summary>Adds the products of one query and 16 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLine(float* query, float* rows, int words, int* sums)
    {
        Vector512<int> sum = Vector512.Load(sums);
        for (float* end = query + ((nint)words * Rows); query < end; query += Rows, rows += Columns)
        {
            sum += Avx512BW.MultiplyAddAdjacent(Vector512.Create(*query).AsInt16(), Vector512.Load(rows).AsInt16());
        }

        sum.Store(sums);
    }

    /// <summary>
    /// Which vectors of 16 rows have a pair whose score may be above a threshold: bit 3 · query + vector. What the words not yet
    /// taken may add is at most the product of both tails, which are lengthened by what the roundings here may take away.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Promising(TileSides* sides, int* sums)
    {
        float* scales = sides->RowScales, offsets = sides->Offsets, tails = sides->RowTails, back = sides->RowThresholds;
        Vector512<float> scaleA = Vector512.Load(scales), scaleB = Vector512.Load(scales + 16), scaleC = Vector512.Load(scales + 32);
        Vector512<float> offsetA = Vector512.Load(offsets), offsetB = Vector512.Load(offsets + 16), offsetC = Vector512.Load(offsets + 32);
        Vector512<float> tailA = Vector512.Load(tails), tailB = Vector512.Load(tails + 16), tailC = Vector512.Load(tails + 32);
        float* queryScales = sides->QueryScales, queryTails = sides->QueryTails, thresholds = sides->Thresholds, queryOffsets = sides->QueryOffsets;
        uint open = 0;
        for (int i = 0; i < Rows; i++, sums += Columns)
        {
            Vector512<float> scale = Vector512.Create(queryScales[i]), tail = Vector512.Create(queryTails[i]), threshold = Vector512.Create(thresholds[i]);
            Vector512<float> a = Vector512.FusedMultiplyAdd(tailA, tail, Vector512.ConvertToSingle(Vector512.Load(sums)) * scaleA * scale);
            Vector512<float> b = Vector512.FusedMultiplyAdd(tailB, tail, Vector512.ConvertToSingle(Vector512.Load(sums + 16)) * scaleB * scale);
            Vector512<float> c = Vector512.FusedMultiplyAdd(tailC, tail, Vector512.ConvertToSingle(Vector512.Load(sums + 32)) * scaleC * scale);
            uint found = (Vector512.GreaterThanAny(a - offsetA, threshold) ? 1u : 0) |
                (Vector512.GreaterThanAny(b - offsetB, threshold) ? 2u : 0) |
                (Vector512.GreaterThanAny(c - offsetC, threshold) ? 4u : 0);
            if (back != null)
            {
                Vector512<float> offset = Vector512.Create(queryOffsets[i]);
                found |= (Vector512.GreaterThanAny(a - offset, Vector512.Load(back)) ? 1u : 0) |
                    (Vector512.GreaterThanAny(b - offset, Vector512.Load(back + 16)) ? 2u : 0) |
                    (Vector512.GreaterThanAny(c - offset, Vector512.Load(back + 32)) ? 4u : 0);
            }

            open |= found << (3 * i);
        }

        return open;
    }

    /// <summary>Makes scores of the whole sums of these vectors and compares them; what was not summed whole is above no threshold.</summary>
    private static uint Finish(uint open, TileSides* sides, float* dots)
    {
        uint hits = 0;
        for (int i = 0; i < Rows; i++, open >>= 3)
        {
            hits |= (open & 7) == 0 ? 0 : Row(i, open, sides, dots);
        }

        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Row(int i, uint open, TileSides* sides, float* dots)
    {
        Vector512<float> scale = Vector512.Create(sides->QueryScales[i]);
        float* scales = sides->RowScales;
        float* line = dots + (i * Columns);
        Vector512<float> none = Vector512.Create(float.NegativeInfinity);
        Vector512<float> a = (open & 1) == 0 ? none : Vector512.ConvertToSingle(Vector512.Load((int*)line)) * Vector512.Load(scales) * scale;
        Vector512<float> b = (open & 2) == 0 ? none : Vector512.ConvertToSingle(Vector512.Load((int*)line + 16)) * Vector512.Load(scales + 16) * scale;
        Vector512<float> c = (open & 4) == 0 ? none : Vector512.ConvertToSingle(Vector512.Load((int*)line + 32)) * Vector512.Load(scales + 32) * scale;
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
            a.Store(line);
            b.Store(line + 16);
            c.Store(line + 32);
        }

        return hits;
    }
}
