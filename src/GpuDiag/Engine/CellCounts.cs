using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Engine;

/// <summary>
/// Counts by (segment, label, prediction): an array while segments × classes² is at most <see cref="DenseCells"/>, a
/// hash table of the non-zero cells from then on. Codes may grow at any time.
/// </summary>
internal sealed class CellCounts : IDisposable
{
    /// <summary>Cells of the largest array: 32 MB of totals. Beyond it most cells are empty in practice.</summary>
    public const long DenseCells = 1 << 22;

    /// <summary>Segments that a 64-bit key can tell apart.</summary>
    public const int MaxSegments = 1 << 24;

    /// <summary>Classes that a 64-bit key can tell apart.</summary>
    public const int MaxClasses = 1 << 20;

    private long[] dense = [];
    private int segments, classes;
    private SparseCounts? sparse;

    /// <summary>Non-zero cells.</summary>
    public int Count => sparse?.Count ?? dense.AsSpan().Length - dense.AsSpan().Count(0L);

    public IEnumerable<Cell> Cells => sparse is null ? DenseCellsInOrder() : sparse.Entries.Select(e => CellOf(e.Key, e.Count));

    public static bool FitsDense(int segments, int classes) => (long)segments * classes * classes <= DenseCells;

    public static ulong KeyOf(int segment, int label, int prediction) =>
        ((ulong)(uint)segment << 40) | ((ulong)(uint)label << 20) | (uint)prediction;

    public void Add(int segment, int label, int prediction, long count)
    {
        if (count != 0 && Reserve(segment + 1, Math.Max(label, prediction) + 1))
        {
            dense[(((segment * classes) + label) * classes) + prediction] += count;
        }
        else if (count != 0)
        {
            sparse!.Add(KeyOf(segment, label, prediction), count);
        }
    }

    /// <summary>Adds counts laid out [segment][label][prediction], <paramref name="width"/> classes wide.</summary>
    public void Add(ReadOnlySpan<uint> counts, int width)
    {
        int rows = counts.Length / (width * width);
        if (Reserve(rows, width) && classes == width)
        {
            Span<long> totals = dense.AsSpan(0, counts.Length);
            int i = 0;
            for (; i <= counts.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
            {
                (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(Vector256.Create(counts[i..]));
                (Vector256.Create<long>(totals[i..]) + low.AsInt64()).CopyTo(totals[i..]);
                (Vector256.Create<long>(totals[(i + 4)..]) + high.AsInt64()).CopyTo(totals[(i + 4)..]);
            }

            for (; i < counts.Length; i++)
            {
                totals[i] += counts[i];
            }

            return;
        }

        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                Add(i / (width * width), i / width % width, i % width, counts[i]);
            }
        }
    }

    /// <summary>The table of the non-zero cells, for adding to it by key; from this call on this is sparse.</summary>
    public SparseCounts AsSparse()
    {
        if (sparse is null)
        {
            SparseCounts table = new();
            foreach (Cell cell in DenseCellsInOrder())
            {
                table.Add(KeyOf(cell.Segment, cell.Label, cell.Prediction), cell.Count);
            }

            (sparse, dense) = (table, []);
        }

        return sparse;
    }

    public void Merge(CellCounts other)
    {
        if (other.sparse is { } theirs)
        {
            AsSparse().Merge(theirs);
        }
        else if (sparse is null && Reserve(other.segments, other.classes) && classes == other.classes)
        {
            Span<long> totals = dense.AsSpan(0, other.dense.Length);
            Span<Vector256<long>> mine = MemoryMarshal.Cast<long, Vector256<long>>(totals);
            Span<Vector256<long>> added = MemoryMarshal.Cast<long, Vector256<long>>(other.dense.AsSpan());
            for (int i = 0; i < mine.Length; i++)
            {
                mine[i] += added[i];
            }

            for (int i = mine.Length * Vector256<long>.Count; i < totals.Length; i++)
            {
                totals[i] += other.dense[i];
            }
        }
        else
        {
            foreach (Cell cell in other.DenseCellsInOrder())
            {
                Add(cell.Segment, cell.Label, cell.Prediction, cell.Count);
            }
        }
    }

    /// <summary>Adds the cells of all segments under segment 0 of another.</summary>
    public void CollapseInto(CellCounts overall)
    {
        foreach (Cell cell in Cells)
        {
            overall.Add(0, cell.Label, cell.Prediction, cell.Count);
        }
    }

    public void Dispose()
    {
        sparse?.Dispose();
        (dense, segments, classes) = ([], 0, 0);
    }

    private static Cell CellOf(ulong key, long count) =>
        new((int)(key >> 40), (int)((key >> 20) & (MaxClasses - 1)), (int)(key & (MaxClasses - 1)), count);

    private IEnumerable<Cell> DenseCellsInOrder()
    {
        for (int s = 0, i = 0; s < segments; s++)
        {
            for (int label = 0; label < classes; label++)
            {
                for (int prediction = 0; prediction < classes; prediction++, i++)
                {
                    if (dense[i] != 0)
                    {
                        yield return new Cell(s, label, prediction, dense[i]);
                    }
                }
            }
        }
    }

    /// <summary>Makes room, in the array if that fits: true; else in the hash table: false.</summary>
    private bool Reserve(int needSegments, int needClasses)
    {
        if (sparse is not null)
        {
            return false;
        }

        if (needSegments <= segments && needClasses <= classes)
        {
            return true;
        }

        int newSegments = Math.Max(segments, needSegments), newClasses = Math.Max(classes, needClasses);
        if (needSegments > segments && FitsDense(segments + (segments / 2), newClasses))
        {
            newSegments = Math.Max(newSegments, segments + (segments / 2));
        }

        if (!FitsDense(newSegments, newClasses))
        {
            AsSparse();
            return false;
        }

        long[] old = dense;
        int oldSegments = segments, oldClasses = classes;
        dense = new long[newSegments * newClasses * newClasses];
        (segments, classes) = (newSegments, newClasses);
        for (int row = 0; row < oldSegments * oldClasses; row++)
        {
            old.AsSpan(row * oldClasses, oldClasses).CopyTo(dense.AsSpan(((row / oldClasses * newClasses) + (row % oldClasses)) * newClasses));
        }

        return true;
    }
}
