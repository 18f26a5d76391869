using GpuDiag.Analyses.Slices;
using GpuDiag.Engine;
using GpuDiag.Engine.Bits;

namespace GpuDiag.Tests.Analyses.Slices;

/// <summary>A small random table: per row a value of each column (−1 = none takes part), an error, a value in steps.</summary>
internal sealed class SliceCase : IDisposable
{
    private readonly BitMatrix bits;
    private readonly int[][] rows;
    private readonly bool[] errors;
    private readonly long[] steps;
    private readonly int[] columns;

    public SliceCase(Backend backend, Random random)
    {
        int count = random.Next(2, 70), width = random.Next(1, 6), valueBits = random.Next(3) == 0 ? random.Next(1, 9) : 0;
        int[] sizes = [.. Enumerable.Range(0, width).Select(_ => random.Next(1, 5))];
        columns = [.. sizes.SelectMany((size, column) => Enumerable.Repeat(column, size))];
        int[] first = [.. sizes.Select((_, column) => sizes[..column].Sum())];
        rows = new int[count][];
        errors = new bool[count];
        steps = new long[count];
        int rate = random.Next(1, 5), hot = random.Next(columns.Length);
        bits = new BitMatrix(count, 1 + valueBits + columns.Length);
        for (int i = 0; i < count; i++)
        {
            // Columns that follow another make slices of equal rows, so ties.
            rows[i] = [.. sizes.Select((size, column) => random.Next(20) == 0 ? -1 : first[column] + (random.Next(3) == 0 ? i % size : random.Next(size)))];
            if (width > 1 && rate == 2)
            {
                rows[i][^1] = rows[i][0] < 0 ? -1 : first[^1] + (rows[i][0] % sizes[^1]);
            }

            errors[i] = rows[i].Contains(hot) ? random.Next(2) == 0 : random.Next(5) < rate - 1;
            steps[i] = valueBits == 0 ? (errors[i] ? 1 : 0) : random.Next(4) == 0 ? 0 : random.Next(1 << random.Next(1, valueBits + 1));
            Fill(i, valueBits);
        }

        Rows = new SliceRows(backend, bits.All, valueBits, columns, count, errors.Count(e => e), steps.Sum(), random.Next(1, 4));
    }

    public SliceRows Rows { get; }

    public void Dispose() => bits.Dispose();

    /// <summary>Every conjunction of at most so many values, by going through all rows; those with a score above 0, best first.</summary>
    public List<Slice> BruteForce(SliceOptions options)
    {
        List<Slice> found = [];
        Extend([], 0);
        found.Sort((a, b) => Compare(a, b));
        return found;

        void Extend(int[] members, int from)
        {
            if (members.Length > 0)
            {
                int[] inside = [.. Enumerable.Range(0, rows.Length).Where(i => members.All(m => rows[i].Contains(m)))];
                long sum = inside.Sum(i => steps[i]);
                if (inside.Length >= options.LeastRows(rows.Length) && sum > 0)
                {
                    double mean = (double)steps.Sum() / rows.Length;
                    double score = (options.Alpha * (((double)sum / inside.Length / mean) - 1)) - ((1 - options.Alpha) * (((double)rows.Length / inside.Length) - 1));
                    if (score > 0)
                    {
                        found.Add(new Slice(members, inside.Length, inside.Count(i => errors[i]), sum, score));
                    }
                }
            }

            for (int m = from; m < columns.Length && (options.Level == 0 || members.Length < options.Level); m++)
            {
                if (members.All(other => columns[other] != columns[m]))
                {
                    Extend([.. members, m], m + 1);
                }
            }
        }
    }

    /// <summary>The folding, one slice after the other, by going through all rows.</summary>
    public List<(Slice Slice, int Folded)> Fold(List<Slice> ranked, int most)
    {
        List<(Slice Slice, int Folded)> kept = [];
        foreach (Slice slice in ranked)
        {
            bool In(Slice s, int i) => s.Members.All(m => rows[i].Contains(m));
            int at = kept.FindIndex(k => 100 * Enumerable.Range(0, rows.Length).Count(i => In(slice, i) && In(k.Slice, i)) >= 95 * slice.Rows);
            if (at >= 0)
            {
                kept[at] = (kept[at].Slice, kept[at].Folded + 1);
            }
            else if (kept.Count < most)
            {
                kept.Add((slice, 0));
            }
            else
            {
                break;
            }
        }

        return kept;
    }

    private static int Compare(Slice a, Slice b)
    {
        int order = b.Score.CompareTo(a.Score);
        order = order != 0 ? order : a.Members.Length.CompareTo(b.Members.Length);
        order = order != 0 ? order : b.Rows.CompareTo(a.Rows);
        for (int i = 0; order == 0 && i < a.Members.Length; i++)
        {
            order = a.Members[i].CompareTo(b.Members[i]);
        }

        return order;
    }

    private void Fill(int row, int valueBits)
    {
        if (errors[row])
        {
            bits.Add(row, 0);
        }

        for (int b = 0; b < valueBits; b++)
        {
            if ((steps[row] >> b & 1) != 0)
            {
                bits.Add(row, 1 + b);
            }
        }

        foreach (int value in rows[row].Where(v => v >= 0))
        {
            bits.Add(row, 1 + valueBits + value);
        }
    }
}
