using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Vectors;

/// <summary>
/// Per query the k nearest base rows seen so far: ordered by <see cref="VectorDistance.Key"/>, equal keys by lower row
/// number. Exact, so that the state of a base in pieces merges to the state of the whole.
/// </summary>
public sealed class NeighborState : IState<NeighborState>
{
    private readonly double[] keys;
    private readonly long[] rows;
    private readonly int[] found;

    public NeighborState(NeighborPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        long entries = checked(plan.Queries.Rows * plan.K);
        keys = new double[entries];
        rows = new long[entries];
        found = new int[plan.Queries.Rows];
    }

    public NeighborPlan Plan { get; }

    /// <summary>Base rows that were offered, excluded ones among them.</summary>
    public long BaseRows { get; set; }

    /// <summary>Base rows that are no one's neighbour: NaN or infinite values or, under cosine, all zeros.</summary>
    public long ExcludedRows { get; set; }

    /// <summary>Keys of a query's neighbours, nearest first; fewer than k when the base holds fewer.</summary>
    public ReadOnlySpan<double> Keys(long query) => keys.AsSpan((int)(query * Plan.K), found[query]);

    /// <summary>Row numbers of a query's neighbours, nearest first.</summary>
    public ReadOnlySpan<long> Rows(long query) => rows.AsSpan((int)(query * Plan.K), found[query]);

    /// <summary>
    /// Offers a neighbour; false when k nearer ones are known. Not to be called for excluded rows, nor twice with one
    /// row. Safe for threads that work on different queries.
    /// </summary>
    public bool Add(long query, double key, long row)
    {
        int k = Plan.K, first = (int)(query * k), count = found[query];
        if (count == k && !IsNearer(key, row, keys[first + k - 1], rows[first + k - 1]))
        {
            return false;
        }

        int at = first + (count < k ? count : k - 1);
        while (at > first && IsNearer(key, row, keys[at - 1], rows[at - 1]))
        {
            (keys[at], rows[at]) = (keys[at - 1], rows[at - 1]);
            at--;
        }

        (keys[at], rows[at]) = (key, row);
        found[query] = Math.Min(count + 1, k);
        return true;
    }

    public void Merge(NeighborState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        BaseRows += other.BaseRows;
        ExcludedRows += other.ExcludedRows;
        for (long query = 0; query < found.Length; query++)
        {
            ReadOnlySpan<double> theirKeys = other.Keys(query);
            ReadOnlySpan<long> theirRows = other.Rows(query);
            for (int i = 0; i < theirKeys.Length; i++)
            {
                Add(query, theirKeys[i], theirRows[i]);
            }
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(BaseRows);
        writer.Write(ExcludedRows);
        for (long query = 0; query < found.Length; query++)
        {
            writer.Write(found[query]);
            foreach (double key in Keys(query))
            {
                writer.Write(key);
            }

            foreach (long row in Rows(query))
            {
                writer.Write(row);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote of a state of the same plan.</summary>
    /// <exception cref="InvalidDataException">It is of another plan.</exception>
    internal static NeighborState Read(BinaryReader reader, NeighborPlan plan)
    {
        NeighborState state = new(plan) { BaseRows = reader.ReadInt64(), ExcludedRows = reader.ReadInt64() };
        for (int query = 0; query < state.found.Length; query++)
        {
            int count = reader.ReadInt32(), first = query * plan.K;
            if (count < 0 || count > plan.K)
            {
                throw new InvalidDataException("a list has an impossible length");
            }

            state.found[query] = count;
            for (int i = 0; i < count; i++)
            {
                state.keys[first + i] = reader.ReadDouble();
            }

            for (int i = 0; i < count; i++)
            {
                state.rows[first + i] = reader.ReadInt64();
            }
        }

        return state;
    }

    private static bool IsNearer(double key, long row, double otherKey, long otherRow) =>
        key < otherKey || (key == otherKey && row < otherRow);
}
