using GpuDiag.Engine.Bits;

namespace GpuDiag.Engine.Devices;

/// <summary>Sets of rows of one check, drawn by a fixed seed: full, empty, sparse and dense ones.</summary>
internal sealed record CheckBits(int Rows, int Planes, int Sets, int Level, int Candidates)
{
    /// <summary>Around the edges of words, vectors, warps and blocks.</summary>
    public static IEnumerable<CheckBits> Cases()
    {
        foreach (int rows in new[] { 1, 63, 64, 65, 511, 513, 8_191, 8_193, 32_768, 32_769, 70_001 })
        {
            yield return new(rows, 1, 5, 1, 5);
            yield return new(rows, 1, 20, 2, 150);
            yield return new(rows, 0, 9, 3, 33);
            yield return new(rows, 22, 7, 5, 7);
        }
    }

    /// <summary>What is wrong with a backend's counts, or null: against rows taken one by one.</summary>
    public string? Intersect(Backend backend)
    {
        var random = new Random(Rows + (31 * Sets) + Level);
        using BitMatrix bits = new(Rows, Planes + Sets);
        for (int set = 0; set < Planes + Sets; set++)
        {
            int density = set % 5;
            for (int row = 0; row < Rows; row++)
            {
                if (density == 4 || (density > 0 && random.Next(1 << (2 * density)) == 0))
                {
                    bits.Add(row, set);
                }
            }
        }

        int[] members = [.. Enumerable.Range(0, Candidates * Level).Select(_ => Planes + random.Next(Sets))];
        IntersectPlan plan = new(Planes, Level, members, Environment.ProcessorCount);
        IntersectState expected = new(plan);
        for (int c = 0; c < Candidates; c++)
        {
            for (int row = 0; row < Rows; row++)
            {
                bool isIn = true;
                for (int i = 0; i < Level && isIn; i++)
                {
                    isIn = bits.Has(row, members[(c * Level) + i]);
                }

                if (isIn)
                {
                    expected.Counts(c)[0]++;
                    for (int p = 0; p < Planes; p++)
                    {
                        expected.Counts(c)[1 + p] += bits.Has(row, p) ? 1 : 0;
                    }
                }
            }
        }

        using IFold<BitBlocks, IntersectState> fold = backend.Intersect(plan);
        fold.Accept(bits.All.Slice(0, bits.All.Blocks / 2));
        fold.Accept(bits.All.Slice(bits.All.Blocks / 2, bits.All.Blocks - (bits.All.Blocks / 2)));
        return CheckOperations.Compare(expected, fold.Take());
    }
}
