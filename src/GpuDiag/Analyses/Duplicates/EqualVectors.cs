using System.Numerics;
using System.Runtime.CompilerServices;
using GpuDiag.Engine.Vectors;

namespace GpuDiag.Analyses.Duplicates;

/// <summary>
/// Rows with equal vectors, however many: found by a hash of the content and then compared value by value, so complete
/// where lists of k neighbours are not. +0 and −0 are equal. Time linear in the values plus a sort of the hashes.
/// </summary>
internal static class EqualVectors
{
    /// <summary>Joins equal vectors of one or two blocks of one width; items of the second are numbered after those of the first.</summary>
    /// <param name="sets">One item per row of both.</param>
    /// <param name="first">Vectors.</param>
    /// <param name="second">More vectors, or none.</param>
    /// <param name="isExcluded">Items that are no one's duplicate.</param>
    /// <param name="equal">Receives true for every item that has an equal.</param>
    /// <param name="threads">Threads that may work.</param>
    public static void Join(DisjointSets sets, VectorBlock first, VectorBlock? second, Func<int, bool> isExcluded, bool[] equal, int threads)
    {
        int total = checked((int)(first.Rows + (second?.Rows ?? 0)));
        ulong[] hashes = new ulong[total];
        Parallel.For(0, total, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => hashes[i] = Hash(At(i)));
        int[] items = [.. Enumerable.Range(0, total)];
        Array.Sort(hashes, items);
        for (int start = 0, end; start < total; start = end)
        {
            for (end = start + 1; end < total && hashes[end] == hashes[start];)
            {
                end++;
            }

            if (end > start + 1)
            {
                JoinRun(items.AsSpan(start, end - start));
            }
        }

        unsafe ReadOnlySpan<float> At(int item) => item < first.Rows
            ? new ReadOnlySpan<float>(first.Row(item), first.Width)
            : new ReadOnlySpan<float>(second!.Value.Row(item - first.Rows), first.Width);

        void JoinRun(Span<int> run)
        {
            run.Sort();

            // One item of each content; more than one only where hashes collide.
            List<int> contents = [];
            foreach (int item in run)
            {
                if (isExcluded(item))
                {
                    continue;
                }

                int same = contents.FindIndex(c => Equal(At(c), At(item)));
                if (same < 0)
                {
                    contents.Add(item);
                    continue;
                }

                sets.Join(contents[same], item);
                equal[contents[same]] = equal[item] = true;
            }
        }
    }

    /// <summary>The first row with the same vector, for each row; −1 where it holds NaN.</summary>
    public static unsafe int[] FirstEqual(VectorBlock vectors, int threads)
    {
        int rows = checked((int)vectors.Rows);
        ulong[] hashes = new ulong[rows];
        Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => hashes[i] = Hash(At(i)));
        int[] items = [.. Enumerable.Range(0, rows)], first = new int[rows];
        Array.Sort(hashes, items);
        for (int start = 0, end; start < rows; start = end)
        {
            for (end = start + 1; end < rows && hashes[end] == hashes[start];)
            {
                end++;
            }

            Span<int> run = items.AsSpan(start, end - start);
            run.Sort();
            List<int> contents = [];
            foreach (int item in run)
            {
                int same = contents.FindIndex(c => Equal(At(c), At(item)));
                bool isNumber = same >= 0 || Equal(At(item), At(item));
                first[item] = same >= 0 ? contents[same] : isNumber ? item : -1;
                if (same < 0 && isNumber)
                {
                    contents.Add(item);
                }
            }
        }

        return first;

        ReadOnlySpan<float> At(int item) => new(vectors.Row(item), vectors.Width);
    }

    private static bool Equal(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i])
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Hash(ReadOnlySpan<float> values)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (float value in values)
        {
            // −0 + 0 = +0, so that equal values have equal bits.
            hash = BitOperations.RotateLeft((hash ^ BitConverter.SingleToUInt32Bits(value + 0f)) * 0xD6E8FEB86659FD93, 29);
        }

        return hash ^ (hash >> 32);
    }
}
