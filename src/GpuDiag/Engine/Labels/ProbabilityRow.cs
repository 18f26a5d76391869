using System.Runtime.Intrinsics.X86;
using GpuDiag.Engine.Cpu;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Labels;

/// <summary>
/// One row of stored probabilities, of which things are asked by comparisons alone, so that vectors and scalar code agree to
/// the last bit.
/// </summary>
/// <param name="floats">The row, or null where it is of doubles.</param>
/// <param name="doubles">The row, or null where it is of floats.</param>
/// <param name="classes">Columns, K, at least 1.</param>
internal readonly unsafe struct ProbabilityRow(float* floats, double* doubles, int classes)
{
    private const int CacheLine = 64;

    private readonly float* floats = floats;
    private readonly double* doubles = doubles;

    public int Classes { get; } = classes;

    /// <summary>The probability as it is stored.</summary>
    public double this[int column] => floats != null ? floats[column] : doubles[column];

    /// <summary>The row; empty where it is of doubles.</summary>
    public ReadOnlySpan<float> Floats => new(floats, floats != null ? Classes : 0);

    /// <summary>Has columns brought into the cache, where the processor can be asked to; each line of it once where columns ascend.</summary>
    public void Fetch(ReadOnlySpan<int> columns)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        nint width = floats != null ? sizeof(float) : sizeof(double), before = -1;
        byte* start = floats != null ? (byte*)floats : (byte*)doubles;
        foreach (int column in columns)
        {
            nint line = ((nint)start + (column * width)) / CacheLine;
            if (line != before)
            {
                Sse.Prefetch0((void*)(line * CacheLine));
                before = line;
            }
        }
    }

    /// <summary>Whether every probability is one (<see cref="RowRule"/>).</summary>
    public bool IsValid()
    {
        (int least, int most) = (0, 0);
        return floats != null
            ? VectorConfidentRows.TryCompare(floats, floats, Classes, Up(RowRule.Least), -Up(-RowRule.Most), out least, out most)
            : VectorConfidentRows.TryCompare(doubles, doubles, Classes, RowRule.Least, RowRule.Most, out least, out most);
    }

    /// <summary>The column of the largest probability of a valid row, the lowest on ties.</summary>
    public int Largest() => floats != null ? VectorConfidentRows.ArgMax(floats, Classes) : VectorConfidentRows.ArgMax(doubles, Classes);

    /// <summary>The same, one column left out. K is at least 2.</summary>
    public int LargestWithout(int column)
    {
        if (column == 0 || column == Classes - 1)
        {
            return column == 0 ? 1 + Part(1, Classes - 1).Largest() : Part(0, column).Largest();
        }

        int before = Part(0, column).Largest(), after = column + 1 + Part(column + 1, Classes - column - 1).Largest();
        return this[after] > this[before] ? after : before;
    }

    /// <summary>The column that a valid row is confidently of (<see cref="Confident.Guess"/>), or <see cref="Confident.None"/>.</summary>
    /// <param name="least">Per column, the probability from which on a row is confidently of its class. Length K.</param>
    public int Guess(double[] least)
    {
        int count = 0, only = -1;
        for (int k = 0; k < Classes; k++)
        {
            bool reached = this[k] >= least[k];
            count += reached ? 1 : 0;
            only = reached ? k : only;
        }

        return Confident.Guess(count, only, count > 1 ? Largest() : -1);
    }

    /// <summary>The least float that is not below a number.</summary>
    internal static float Up(double value)
    {
        float near = (float)value;
        return near < value ? MathF.BitIncrement(near) : near;
    }

    private ProbabilityRow Part(int from, int count) =>
        new(floats != null ? floats + from : null, doubles != null ? doubles + from : null, count);
}
