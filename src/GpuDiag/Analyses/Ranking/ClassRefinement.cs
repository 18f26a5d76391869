using System.Numerics;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Ranking;

/// <summary>
/// Brings the bounds of one class within the tolerances: slots of unknown order are cut into equal stretches of keys and
/// counted again, in rounds. A slot knows what is above it, so what costs little is summed up and forgotten, and memory
/// depends on the tolerances alone. A smooth slot of cost c costs c/n once cut into n pieces: the fewest cuts for a total
/// have n ∝ √c. All cost is in tolerances: 1 is what a class may have.
/// Depends on counts alone, so any split of the rows gives the same.
/// </summary>
internal sealed class ClassRefinement
{
    /// <summary>A hair below 1: costs are sums of rounded numbers.</summary>
    private const double Allowed = 0.999;

    private readonly long positive, negative;
    private readonly double aucTolerance, averageTolerance;
    private readonly List<(OpenSlot Slot, int Log2, int FirstKey)> cuts = [];
    private List<OpenSlot> open = [], next = [];
    private RankTally closed;
    private double closedCost, root;
    private int taken;

    /// <param name="negatives">Per slot of <paramref name="partition"/>; there are some.</param>
    /// <param name="positives">Likewise.</param>
    public ClassRefinement(ScorePartition partition, ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives, double aucTolerance, double averageTolerance)
    {
        (this.aucTolerance, this.averageTolerance) = (aucTolerance, averageTolerance);
        for (int slot = 0; slot < positives.Length; slot++)
        {
            positive += positives[slot];
            negative += negatives[slot];
        }

        int rest = 64 - partition.Bits;
        long above = 0, negativesAbove = 0;
        for (int slot = positives.Length - 1; slot >= 0; slot--)
        {
            // Between the keys there are no positives, so nothing is unknown there.
            bool isKey = (slot & 1) == 1;
            ulong first = !isKey || rest == 64 ? 0 : partition.Keys[slot >> 1] << rest;
            Keep(first, rest, true, new RankSlot(above, negativesAbove, positives[slot], negatives[slot], isKey && rest == 0));
            above += positives[slot];
            negativesAbove += negatives[slot];
        }

        Turn();
    }

    /// <summary>The bounds are within their tolerances, and <see cref="Tally"/> holds all rows.</summary>
    public bool IsDone { get; private set; }

    public RankTally Tally => closed;

    /// <summary>Cuts for the next pass, which <see cref="Accept"/> is to be given the counts of; null when there are none to make.</summary>
    /// <param name="room">Keys at most.</param>
    /// <param name="budget">The room of a pass that does nothing else: a slot is cut into no more.</param>
    public ScorePartition? Cut(int room, int budget)
    {
        while (!IsDone)
        {
            int first = taken, count = 0;
            for (; taken < open.Count; taken++)
            {
                int log2 = Pieces(open[taken], budget);
                int needed = log2 == 0 ? 0 : (1 << log2) + 1;
                if (count + needed > room)
                {
                    break;
                }

                count += needed;
            }

            if (taken < open.Count || count > 0)
            {
                return Partition(first, budget);
            }

            next.AddRange(open[first..]);
            Turn();
        }

        return null;
    }

    /// <summary>Takes the counts over the last cuts.</summary>
    public void Accept(ReadOnlySpan<long> negatives, ReadOnlySpan<long> positives)
    {
        foreach ((OpenSlot slot, int log2, int firstKey) in cuts)
        {
            int rest = slot.Log2 - log2;
            (long above, long negativesAbove) = (slot.Rows.Above, slot.Rows.NegativesAbove);
            for (int piece = (1 << log2) - 1; piece >= 0; piece--)
            {
                int at = (2 * (firstKey + piece)) + 1;
                ulong first = slot.First + ((ulong)piece << rest);
                Keep(first, rest, false, new RankSlot(above, negativesAbove, positives[at + 1], negatives[at + 1], false));
                above += positives[at + 1];
                negativesAbove += negatives[at + 1];
                if (piece > 0 || slot.OwnsFirst)
                {
                    Keep(first, 0, true, new RankSlot(above, negativesAbove, positives[at], negatives[at], true));
                    above += positives[at];
                    negativesAbove += negatives[at];
                }
            }
        }

        cuts.Clear();
        if (taken == open.Count)
        {
            Turn();
        }
    }

    /// <summary>The slots from <paramref name="from"/> to what is taken: cut, or left for the next round.</summary>
    private ScorePartition? Partition(int from, int budget)
    {
        List<ulong> keys = [];
        for (int i = taken - 1; i >= from; i--)
        {
            OpenSlot slot = open[i];
            int log2 = Pieces(slot, budget), rest = slot.Log2 - log2;
            if (log2 == 0)
            {
                next.Add(slot);
                continue;
            }

            if (keys.Count > 0 && keys[^1] == slot.First)
            {
                keys.RemoveAt(keys.Count - 1);
            }

            cuts.Add((slot, log2, keys.Count));
            for (int piece = 0; piece < 1 << log2; piece++)
            {
                keys.Add(slot.First + ((ulong)piece << rest));
            }

            ulong end = keys[^1] + (1ul << rest);
            if (end != 0)
            {
                keys.Add(end);
            }
        }

        return keys.Count == 0 ? null : new ScorePartition([.. keys], 64);
    }

    /// <summary>Log2 of the pieces that a slot is due in this round; few rows need few.</summary>
    private int Pieces(in OpenSlot slot, int budget)
    {
        double enough = Math.Min(1 << 30, 4.0 * (slot.Rows.Positives + slot.Rows.Negatives));
        double pieces = Math.Ceiling(Math.Min(Math.Sqrt(slot.Cost) / root, enough));
        int log2 = pieces <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)pieces - 1);
        return Math.Min(Math.Min(log2, slot.Log2), BitOperations.Log2((uint)budget - 1));
    }

    private void Keep(ulong first, int log2, bool ownsFirst, in RankSlot rows)
    {
        double cost = rows.Positives == 0 || rows.IsKnown ? 0 : Cost(rows);
        // A round makes at most twice Σ√c/root pieces: those that close take at most half of what was left.
        if (cost <= root * root / 2)
        {
            closed.Add(rows);
            closedCost += cost;
            return;
        }

        next.Add(new OpenSlot(first, log2, ownsFirst, rows, cost));
    }

    private double Cost(in RankSlot rows)
    {
        double auc = (double)rows.Positives * rows.Negatives / (2.0 * positive * negative);
        double average = (rows.Best - rows.Worst) / (2.0 * positive);
        return (auc / aucTolerance) + (average / averageTolerance);
    }

    /// <summary>Begins a round, or ends the last.</summary>
    private void Turn()
    {
        (open, next) = (next, []);
        open.Sort((a, b) => b.First.CompareTo(a.First));
        taken = 0;
        double total = closedCost, roots = 0;
        foreach (OpenSlot slot in open)
        {
            total += slot.Cost;
            roots += Math.Sqrt(slot.Cost);
        }

        IsDone = total <= Allowed;
        root = IsDone ? 0 : (Allowed - closedCost) / 2 / roots;
        if (IsDone)
        {
            open.ForEach(slot => closed.Add(slot.Rows));
            open = [];
        }
    }
}
