using GpuDiag.Engine.Vectors;
using GpuDiag.Kernels.Algebra;

namespace GpuDiag.Analyses.Mining;

/// <summary>
/// Chooses rows one by one: the next is the one with the greatest gain ln score + ln min(1, d / τ), where d is its distance to
/// the nearest row that is chosen already or that the training set has. Gains only fall as more is chosen, so a gain that was
/// computed earlier is a bound, and only bounds that reach the top are computed anew (Minoux' lazy greedy, 1978): the choice is
/// that of the plain greedy one. A row at distance 0 is never chosen.
/// </summary>
internal sealed unsafe class GreedyChoice
{
    private readonly VectorBlock vectors;
    private readonly double[] squared;
    private readonly Candidate[] candidates;
    private readonly int[] groups;
    private readonly double[] nearest;
    private readonly VectorMetric metric;
    private readonly double scale;
    private readonly int[] seen;
    private readonly List<int> chosen = [];
    private readonly List<double> gains = [];

    /// <param name="vectors">The candidates', none excluded.</param>
    /// <param name="squared">Their squared lengths.</param>
    /// <param name="candidates">With scores that are logarithms.</param>
    /// <param name="groups">Per candidate its cluster of failures.</param>
    /// <param name="inTrain">Distances to the nearest training row, +∞ without one. Changed.</param>
    /// <param name="metric">What near means.</param>
    /// <param name="scale">τ, above 0.</param>
    public GreedyChoice(VectorBlock vectors, double[] squared, Candidate[] candidates, int[] groups, double[] inTrain, VectorMetric metric, double scale)
    {
        (this.vectors, this.squared, this.candidates, this.groups) = (vectors, squared, candidates, groups);
        (nearest, this.metric, this.scale) = (inTrain, metric, scale);
        seen = new int[candidates.Length];
    }

    /// <summary>Candidates in the order in which they were chosen.</summary>
    public IReadOnlyList<int> Chosen => chosen;

    /// <summary>The gain of each when it was chosen.</summary>
    public IReadOnlyList<double> Gains => gains;

    /// <summary>Candidates that were dropped because a chosen row has the same vector.</summary>
    public long Repeated { get; private set; }

    /// <summary>Chooses within the groups' quotas first; what a group cannot fill goes to the best of all others.</summary>
    public void Run(int[] quotas, int budget, CancellationToken cancel)
    {
        int[] left = [.. quotas];
        PriorityQueue<int, (double Gain, long Row)> waiting = New();
        PriorityQueue<int, (double Gain, long Row)> beyond = New();
        for (int i = 0; i < candidates.Length; i++)
        {
            if (nearest[i] > 0)
            {
                waiting.Enqueue(i, (Gain(i), candidates[i].Row));
            }
        }

        Fill(waiting, budget, i => left[groups[i]] > 0, i => left[groups[i]]--, beyond, cancel);
        Fill(beyond, budget, _ => true, _ => { }, null, cancel);
    }

    private static PriorityQueue<int, (double Gain, long Row)> New() =>
        new(Comparer<(double Gain, long Row)>.Create((a, b) => a.Gain != b.Gain ? b.Gain.CompareTo(a.Gain) : a.Row.CompareTo(b.Row)));

    private void Fill(
        PriorityQueue<int, (double Gain, long Row)> from,
        int budget,
        Func<int, bool> isDue,
        Action<int> took,
        PriorityQueue<int, (double Gain, long Row)>? beyond,
        CancellationToken cancel)
    {
        while (chosen.Count < budget && from.TryDequeue(out int i, out (double Gain, long Row) key))
        {
            if (!isDue(i))
            {
                beyond!.Enqueue(i, key);
                continue;
            }

            if (seen[i] < chosen.Count)
            {
                cancel.ThrowIfCancellationRequested();
                Approach(i);
                if (nearest[i] > 0)
                {
                    from.Enqueue(i, (Gain(i), key.Row));
                }
                else
                {
                    Repeated++;
                }

                continue;
            }

            chosen.Add(i);
            gains.Add(key.Gain);
            took(i);
        }
    }

    private double Gain(int i) =>
        nearest[i] < scale ? Deterministic.Add(candidates[i].Score, Deterministic.Log(Deterministic.Div(nearest[i], scale))) : candidates[i].Score;

    /// <summary>Takes in the rows that were chosen since the candidate was looked at.</summary>
    private void Approach(int i)
    {
        for (; seen[i] < chosen.Count; seen[i]++)
        {
            int other = chosen[seen[i]];
            double key = VectorDistance.Key(metric, vectors.Row(i), vectors.Row(other), vectors.Width, squared[i], squared[other]);
            nearest[i] = Math.Min(nearest[i], VectorDistance.FromKey(metric, key));
        }
    }
}
