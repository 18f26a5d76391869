using System.Numerics;
using System.Runtime.CompilerServices;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Compare;

/// <summary>Makes the pairs of a class and a segment's value of each row of a batch. One instance per thread.</summary>
internal sealed class PairCodes(PairDomain pairs, int capacity) : IDisposable
{
    /// <summary>Pairs up to which a table is quicker than hashing.</summary>
    private const long TableEntries = 1 << 20;

    private const int Unknown = -1;

    private readonly CodeColumn output = new(pairs.Domain, capacity);
    private readonly int[] codes = new int[capacity];
    private readonly Dictionary<long, int> known = [];
    private int[] table = [];
    private int stride;

    /// <param name="labels">Codes of classes, 0 for rows that are left out.</param>
    /// <param name="labelLimit">They are below this.</param>
    /// <param name="segment">Of the same rows; null: all rows are one segment.</param>
    public CodeColumn Take(ReadOnlySpan<int> labels, int labelLimit, CodeColumn? segment)
    {
        int limit = segment?.Limit ?? 1;
        if ((long)labelLimit * limit <= TableEntries)
        {
            if (limit > stride || (long)labelLimit * stride > table.Length)
            {
                stride = limit;
                table = new int[labelLimit * stride];
                Array.Fill(table, Unknown);
            }

            switch (segment?.Width)
            {
                case null:
                    Look(labels);
                    break;
                case 1:
                    Look<byte>(labels, segment.Bytes);
                    break;
                case 2:
                    Look<ushort>(labels, segment.Shorts);
                    break;
                default:
                    Look<int>(labels, segment.Ints);
                    break;
            }
        }
        else
        {
            Hash(labels, segment!);
        }

        CodeNarrowing.Fill(output, codes.AsSpan(0, labels.Length));
        return output;
    }

    public void Dispose() => output.Dispose();

    private void Look(ReadOnlySpan<int> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            ref int entry = ref table[labels[i] * stride];
            entry = entry == Unknown ? pairs.Code(labels[i], Domain.Null) : entry;
            codes[i] = entry;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Look<T>(ReadOnlySpan<int> labels, ReadOnlySpan<T> segment)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < labels.Length; i++)
        {
            int value = int.CreateTruncating(segment[i]);
            ref int entry = ref table[(labels[i] * stride) + value];
            if (entry == Unknown)
            {
                entry = pairs.Code(labels[i], value);
            }

            codes[i] = entry;
        }
    }

    private void Hash(ReadOnlySpan<int> labels, CodeColumn segment)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            int value = segment[i];
            long key = ((long)labels[i] << 32) | (uint)value;
            if (!known.TryGetValue(key, out int code))
            {
                code = pairs.Code(labels[i], value);
                known.Add(key, code);
            }

            codes[i] = code;
        }
    }
}
