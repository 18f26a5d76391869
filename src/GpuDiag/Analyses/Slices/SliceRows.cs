using GpuDiag.Engine;
using GpuDiag.Engine.Bits;

namespace GpuDiag.Analyses.Slices;

/// <summary>
/// The rows as sets of bits: first the planes (mispredicted rows, then the bits of the rows' values), then a set for each
/// value of a column. Only rows that count are in a set.
/// </summary>
/// <param name="Backend">Intersects.</param>
/// <param name="Bits">All sets.</param>
/// <param name="ValueBits">Bits of a row's value; 0 = its value is its error.</param>
/// <param name="Columns">Per value the number of its column, ascending.</param>
/// <param name="Rows">Rows that count.</param>
/// <param name="Errors">Mispredicted ones.</param>
/// <param name="Sum">Of their values, in steps.</param>
/// <param name="Threads">Threads to use.</param>
internal sealed record SliceRows(Backend Backend, BitBlocks Bits, int ValueBits, int[] Columns, long Rows, long Errors, long Sum, int Threads)
{
    public int Planes => 1 + ValueBits;

    public int Values => Columns.Length;

    /// <summary>Counts conjunctions: <paramref name="level"/> values each, in the order of <paramref name="members"/>.</summary>
    public SliceCounts[] Count(int level, int[] members, bool rowsOnly = false)
    {
        int[] sets = new int[members.Length];
        for (int i = 0; i < sets.Length; i++)
        {
            sets[i] = Planes + members[i];
        }

        // Without planes counted, they are sets like any other.
        IntersectPlan plan = new(rowsOnly ? 0 : Planes, level, sets, Threads);
        using IFold<BitBlocks, IntersectState> fold = Backend.Intersect(plan);
        fold.Accept(Bits);
        IntersectState state = fold.Take();
        SliceCounts[] counts = new SliceCounts[plan.Candidates];
        for (int c = 0; c < counts.Length; c++)
        {
            counts[c] = SliceCounts.Of(state.Counts(c));
        }

        return counts;
    }
}

/// <summary>What a conjunction holds.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Errors">Mispredicted ones.</param>
/// <param name="Sum">Of their values, in steps.</param>
/// <param name="Most">No row's value is larger; exact when values are errors, else below twice the largest.</param>
internal readonly record struct SliceCounts(long Rows, long Errors, long Sum, long Most)
{
    /// <summary>From rows, errors and the rows with each bit of the value.</summary>
    public static SliceCounts Of(ReadOnlySpan<long> counts)
    {
        if (counts.Length <= 2)
        {
            long errors = counts.Length < 2 ? 0 : counts[1];
            return new(counts[0], errors, errors, errors > 0 ? 1 : 0);
        }

        long sum = 0, most = 0;
        for (int b = 0; b < counts.Length - 2; b++)
        {
            sum += counts[2 + b] << b;
            most |= counts[2 + b] > 0 ? 1L << b : 0;
        }

        return new(counts[0], counts[1], sum, most);
    }
}
