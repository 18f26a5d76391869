using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Engine.Labels;

/// <summary>
/// Rows by given label and by the class that they are confidently of. Sparse: memory follows the pairs that occur, at most
/// as many as rows. Labels and guesses are probability columns.
/// </summary>
public sealed class ConfidentJointState(ConfidentJointPlan plan) : IState<ConfidentJointState>, IDisposable
{
    private readonly SparseCounts cells = new();

    public ConfidentJointPlan Plan { get; } = plan;

    /// <summary>Valid rows by label, those that are confidently of no class included.</summary>
    public long[] Labelled { get; } = new long[plan.ClassCodes.Length];

    /// <summary>Rows confidently of another class than the label, and disputed (<see cref="Confident.IsDisputed"/>).</summary>
    public long Disputed { get; private set; }

    /// <summary>Non-zero cells, by given label, then by guess.</summary>
    public IReadOnlyList<(int Given, int Guess, long Count)> Cells() =>
        [.. cells.Entries.OrderBy(e => e.Key).Select(e => ((int)(e.Key >> 32), (int)(uint)e.Key, e.Count))];

    /// <summary>Adds rows of one label.</summary>
    /// <param name="given">Column of the label.</param>
    /// <param name="guess">Column, or <see cref="Confident.None"/>.</param>
    /// <param name="disputed">Only asked where guess and label differ.</param>
    /// <param name="count">Rows, at least 1.</param>
    public void Add(int given, int guess, bool disputed, long count = 1)
    {
        Labelled[given] += count;
        if (guess != Confident.None)
        {
            cells.Add(((ulong)(uint)given << 32) | (uint)guess, count);
            Disputed += disputed && guess != given ? count : 0;
        }
    }

    public void Dispose() => cells.Dispose();

    public void Merge(ConfidentJointState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        cells.Merge(other.cells);
        Disputed += other.Disputed;
        for (int k = 0; k < Labelled.Length; k++)
        {
            Labelled[k] += other.Labelled[k];
        }
    }

    /// <summary>Adds labelled rows, disputed rows and cells as they were written, counts in seven bits a byte.</summary>
    internal void Load(BinaryReader reader)
    {
        for (int k = 0; k < Labelled.Length; k++)
        {
            Labelled[k] += reader.Read7BitEncodedInt64();
        }

        Disputed += reader.Read7BitEncodedInt64();
        for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
        {
            ulong given = (uint)reader.Read7BitEncodedInt();
            cells.Add((given << 32) | (uint)reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Array.ForEach(Labelled, writer.Write);
        writer.Write(Disputed);
        foreach ((int given, int guess, long count) in Cells())
        {
            writer.Write(given);
            writer.Write(guess);
            writer.Write(count);
        }
    }
}
