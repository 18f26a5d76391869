using GpuDiag.Engine.Bits;

namespace GpuDiag.Tests.Engine;

/// <summary>Intersections from their definition: a row at a time.</summary>
internal static class ReferenceBits
{
    public static void Add(IntersectState state, BitBlocks batch)
    {
        (int planes, int level, int[] members, _) = state.Plan;
        for (long row = 0; row < batch.Blocks * batch.Words * 64; row++)
        {
            for (int c = 0; c < state.Plan.Candidates; c++)
            {
                if (members.AsSpan(c * level, level).ToArray().All(set => Has(batch, row, set)))
                {
                    state.Counts(c)[0]++;
                    for (int p = 0; p < planes; p++)
                    {
                        state.Counts(c)[1 + p] += Has(batch, row, p) ? 1 : 0;
                    }
                }
            }
        }
    }

    private static unsafe bool Has(BitBlocks batch, long row, int set)
    {
        long block = row / (batch.Words * 64), within = row % (batch.Words * 64);
        ulong* words = (ulong*)(batch.Pointer + (nint)(block * batch.BlockBytes)) + ((long)set * batch.Words);
        return (words[within / 64] >> (int)(within % 64) & 1) != 0;
    }
}
