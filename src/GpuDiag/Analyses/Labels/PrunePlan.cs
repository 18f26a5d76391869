namespace GpuDiag.Analyses.Labels;

/// <summary>How many rows to flag, from the joint: per label and true class, and per label. A label of one row is left alone.</summary>
internal sealed class PrunePlan
{
    public PrunePlan(JointEstimate joint)
    {
        long[] counts = joint.PruneCounts();
        True = new int[joint.Classes][];
        Counts = new long[joint.Classes][];
        ByLabel = new long[joint.Classes];
        for (int k = 0, at = 0; k < joint.Classes; k++)
        {
            List<int> to = [];
            List<long> rows = [];
            foreach (JointCell cell in joint.Row(k))
            {
                long count = counts[at++];
                if (cell.True == k)
                {
                    ByLabel[k] = joint.Labelled[k] > 1 ? Math.Max(0, joint.Labelled[k] - count) : 0;
                }
                else if (count > 0 && joint.Labelled[k] > 1)
                {
                    to.Add(cell.True);
                    rows.Add(Math.Min(count, joint.Labelled[k]));
                }
            }

            (True[k], Counts[k]) = ([.. to], [.. rows]);
        }
    }

    /// <summary>Per label, the true classes with rows to flag, ascending.</summary>
    public int[][] True { get; }

    /// <summary>Per label and entry of <see cref="True"/>, the rows to flag.</summary>
    public long[][] Counts { get; }

    /// <summary>Per label, its rows less those to keep.</summary>
    public long[] ByLabel { get; }

    /// <summary>No row is to be flagged.</summary>
    public bool IsEmpty => Counts.All(c => c.Length == 0) && ByLabel.All(n => n == 0);
}
