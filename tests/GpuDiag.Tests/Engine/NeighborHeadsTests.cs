using System.Runtime.Intrinsics.X86;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Cpu;
using GpuDiag.Engine.Cpu.Neighbors;
using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Tests.Laws;

namespace GpuDiag.Tests.Engine;

/// <summary>Comparing the heads of vectors first, in an order of the rows' own, changes the time and nothing else.</summary>
public sealed unsafe class NeighborHeadsTests
{
    [Theory]
    [InlineData(VectorMetric.Cosine, 1)]
    [InlineData(VectorMetric.L2, 1)]
    [InlineData(VectorMetric.L2, 5)]
    [InlineData(VectorMetric.InnerProduct, 1)]
    public void RowsInGroups_HaveTheNeighborsThatOtherTilesFind(VectorMetric metric, int k)
    {
        const int Rows = 2100, Queries = 3100, Width = 65;
        using AlignedMemory memory = Groups(Queries + 20, Width, 31);
        VectorBlock all = new(memory.Pointer, Queries + 20, Width, 0), rows = all.Slice(17, Rows);

        // Copies, within the base and of queries.
        new Span<float>(rows.Row(40), Width).CopyTo(new Span<float>(rows.Row(1999), Width));
        new Span<float>(rows.Row(40), Width).CopyTo(new Span<float>(rows.Row(2), Width));
        foreach (bool excludeSelf in (bool[])[false, true])
        {
            NeighborPlan plan = new(all.Slice(0, Queries), k, metric, excludeSelf, Threads: 2);
            Assert.Equal(Search(plan, rows, LaneWidth.Vector256), Search(plan, rows, LaneWidth.Vector512));
        }
    }

    [Fact]
    public void RowsInGroups_StandTogetherAfterSomeOfAllKinds()
    {
        const int Rows = 3000, Width = 64;
        using AlignedMemory memory = Groups(Rows, Width, 31);
        VectorBlock rows = new(memory.Pointer, Rows, Width, 0), queries = new(memory.Pointer, 5000, Width, 0);
        DistinctRows distinct = DistinctRows.All([.. Enumerable.Repeat(true, Rows)]);
        int[]? order = RowGroups.Order(new NeighborPlan(queries, 1, VectorMetric.L2, ExcludeSelf: false, 2), rows, distinct, new CpuBackend(LaneWidth.Vector256).Neighbors);
        Assert.NotNull(order);
        Assert.Equal(Enumerable.Range(0, Rows), order.Order());
        int[] kinds = [.. order.Select(i => i % 31)];
        Assert.Equal(kinds.Distinct().Count(), kinds[..300].Distinct().Count());
        Assert.InRange(Enumerable.Range(301, Rows - 301).Count(i => kinds[i] != kinds[i - 1]), 0, 400);
        DistinctRows ordered = distinct.Ordered(order);
        Assert.All(Enumerable.Range(0, Rows), i => Assert.Equal(i, ordered.Single(ordered.First(i))));
    }

    [Fact]
    public void Heads_LetGoOnlyPairsThatAreBelowTheThreshold()
    {
        if (!Avx512BW.IsSupported)
        {
            return;
        }

        const int Words = 40, Lines = ShortTile512.Rows, Columns = ShortTile512.Columns;
        Random random = new(3);
        using AlignedMemory queries = new(), rows = new(), whole = new(), part = new();
        float* queryScales = stackalloc float[Lines], rowScales = stackalloc float[Columns], offsets = stackalloc float[Columns], thresholds = stackalloc float[Lines];
        float* queryTails = stackalloc float[Lines], rowTails = stackalloc float[Columns], rowThresholds = stackalloc float[Columns];
        whole.Reserve(Lines * Columns * sizeof(float));
        part.Reserve(Lines * Columns * sizeof(float));
        int letGo = 0;
        for (int turn = 0; turn < 300; turn++)
        {
            int head = 1 + (turn % (Words - 1));
            Pack(queries, Lines, head, random, queryScales, queryTails);
            Pack(rows, Columns, head, random, rowScales, rowTails);
            for (int i = 0; i < Columns; i++)
            {
                offsets[i] = (float)random.NextDouble() * 0.1f;
                rowThresholds[i] = 100 + (60 * random.NextSingle());
            }

            TileSides sides = new()
            {
                Offsets = offsets,
                Thresholds = thresholds,
                QueryOffsets = offsets,
                RowThresholds = turn % 2 == 0 ? null : rowThresholds,
                QueryScales = queryScales,
                RowScales = rowScales,
                QueryTails = queryTails,
                RowTails = rowTails,
                Head = Words,
            };
            float* expected = (float*)whole.Pointer, found = (float*)part.Pointer;
            for (int i = 0; i < Lines; i++)
            {
                thresholds[i] = float.NegativeInfinity;
            }

            ShortTile512.Score((float*)queries.Pointer, (float*)rows.Pointer, Words, &sides, expected);
            for (int i = 0; i < Lines; i++)
            {
                // The best score of a query, or just below: the bound has no room for a mistake.
                float best = Enumerable.Range(0, Columns).Max(c => expected[(i * Columns) + c] - offsets[c]);
                thresholds[i] = i > 2 ? 1e9f : i == 0 ? best : MathF.BitDecrement(best);
            }

            sides.Head = head;
            uint hits = ShortTile512.Score((float*)queries.Pointer, (float*)rows.Pointer, Words, &sides, found);
            letGo += sides.Rest < HeadChoice.Parts * HeadChoice.RestUnit ? 1 : 0;
            for (int i = 0; i < Lines; i++)
            {
                Assert.Equal(i is 1 or 2, (hits & (1u << i)) != 0);
                for (int c = 0; c < Columns; c++)
                {
                    float score = expected[(i * Columns) + c];
                    bool isBack = sides.RowThresholds != null && score - offsets[i] > rowThresholds[c];
                    Assert.True(!isBack || (hits & (256u << i)) != 0);
                    bool isNear = isBack || score - offsets[c] > thresholds[i];
                    Assert.True(!isNear || found[(i * Columns) + c] == score);
                }
            }
        }

        Assert.InRange(letGo, 20, 300);
    }

    /// <summary>Vectors like the first one, some more and some less so, as the search packs them.</summary>
    private static void Pack(AlignedMemory to, int lines, int head, Random random, float* scales, float* tails)
    {
        const int Words = 40, Width = 2 * Words;
        to.Reserve((nuint)(lines * Words * sizeof(float)));
        float* row = stackalloc float[Width + 16];
        short* numbers = stackalloc short[Width + 32];
        for (int line = 0; line < lines; line++)
        {
            for (int d = 0; d < Width; d++)
            {
                row[d] = (((d * 7) % 5) - 2) * (line % 4 == 0 ? 1 : 0.1f) + (random.NextSingle() - 0.5f);
            }

            scales[line] = ShortRow.Round(row, Width, numbers);
            ShortRow.Tails(numbers, Words, scales[line], [head], tails + line, 1);
            for (int w = 0; w < Words; w++)
            {
                ((int*)to.Pointer)[(w * lines) + line] = ((int*)numbers)[w];
            }
        }
    }

    private static AlignedMemory Groups(int rows, int width, int groups)
    {
        AlignedMemory memory = new();
        memory.Reserve((nuint)(rows * width * sizeof(float)));
        Random random = new(9);
        float[] centres = [.. Enumerable.Range(0, groups * width).Select(_ => (float)(random.NextDouble() - 0.5))];
        Span<float> values = memory.Span<float>(rows * width);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = centres[(i / width % groups * width) + (i % width)] + ((random.NextSingle() - 0.5f) * 0.3f);
        }

        return memory;
    }

    private static byte[] Search(NeighborPlan plan, VectorBlock rows, LaneWidth lanes)
    {
        using IFold<VectorBlock, NeighborState> fold = new CpuBackend(lanes).Neighbors(plan);
        fold.Accept(rows);
        return FoldLaw.Bytes(fold.Take());
    }
}
