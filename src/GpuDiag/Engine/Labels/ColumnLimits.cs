using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Labels;

/// <summary>
/// Limits on a row's margin, the label's probability less that of a column, for some of its columns: tells by vectors which
/// columns may be within theirs. It never misses one; it may name one whose margin is above the limit by up to 1e-6, so whoever
/// asks compares again.
/// </summary>
internal sealed class ColumnLimits
{
    /// <summary>More than the rounding of two float additions of numbers from −1 to 2.</summary>
    private const double Slack = 5e-7;

    /// <summary>From this share of the columns on, all of them are compared.</summary>
    private const int DenseShare = 8;

    private readonly int[] columns;
    private readonly int[]? entryOf;
    private readonly float[] limits;

    /// <param name="columns">Ascending, of a row of K columns.</param>
    /// <param name="classes">K.</param>
    public ColumnLimits(int[] columns, int classes)
    {
        this.columns = columns;
        bool isDense = columns.Length >= classes / DenseShare;
        limits = new float[isDense ? classes : columns.Length];
        if (isDense)
        {
            entryOf = new int[classes];
            Array.Fill(limits, float.NegativeInfinity);
            for (int i = 0; i < columns.Length; i++)
            {
                entryOf[columns[i]] = i;
            }
        }

        for (int i = 0; i < columns.Length; i++)
        {
            Set(i, double.PositiveInfinity);
        }
    }

    /// <summary>Columns that have a limit.</summary>
    public int Count => columns.Length;

    /// <summary>Sets the limit of an entry of the columns.</summary>
    public void Set(int entry, double limit) => limits[entryOf is null ? entry : columns[entry]] = ProbabilityRow.Up(limit + Slack);

    /// <summary>The entries whose column may be within its limit.</summary>
    /// <param name="row">Where it has NaNs, any entries.</param>
    /// <param name="own">The label's probability, in [0, 1].</param>
    /// <param name="entries">Receives them, ascending. Length <see cref="Count"/>.</param>
    /// <returns>Number of entries.</returns>
    public int Within(ProbabilityRow row, double own, Span<int> entries)
    {
        if (entryOf is not null && row.Floats.Length == row.Classes)
        {
            return Compare(row.Floats, (float)own, entries);
        }

        int found = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            if (Confident.Clip(row[columns[i]]) + limits[entryOf is null ? i : columns[i]] >= own)
            {
                entries[found++] = i;
            }
        }

        return found;
    }

    /// <summary>
    /// Has what will be compared of a row brought into the cache: some columns of a row far away are a miss each, waited for one after another. Rows
    /// that are compared whole are read in order, which the processor foresees.
    /// </summary>
    /// <param name="label">The label's column.</param>
    public void Fetch(ProbabilityRow row, int label)
    {
        if (entryOf is null)
        {
            row.Fetch([label]);
            row.Fetch(columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Compare(ReadOnlySpan<float> row, float own, Span<int> entries)
    {
        Vector512<float> least = Vector512.Create(own);
        int found = 0, k = 0;
        for (; k + Vector512<float>.Count <= row.Length; k += Vector512<float>.Count)
        {
            Vector512<float> p = Vector512.Max(Vector512.Create(row.Slice(k, Vector512<float>.Count)), Vector512<float>.Zero);
            ulong bits = Vector512.GreaterThanOrEqual(p + Vector512.Create<float>(limits.AsSpan(k, Vector512<float>.Count)), least).ExtractMostSignificantBits();
            for (; bits != 0; bits &= bits - 1)
            {
                entries[found++] = entryOf![k + BitOperations.TrailingZeroCount(bits)];
            }
        }

        for (; k < row.Length; k++)
        {
            if (MathF.Max(row[k], 0) + limits[k] >= own)
            {
                entries[found++] = entryOf![k];
            }
        }

        return found;
    }
}
