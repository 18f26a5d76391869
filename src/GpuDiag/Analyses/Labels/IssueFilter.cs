using GpuDiag.Columns;

namespace GpuDiag.Analyses.Labels;

/// <summary>
/// Selects label issues among rows with a known label. One instance per thread; merged, they give the same rows for any split
/// and order. Memory follows the rows selected, not the rows seen.
/// </summary>
internal abstract class IssueFilter
{
    /// <summary>How many rows before its turn a row is fetched.</summary>
    private const int Ahead = 4;

    /// <summary>Whether rows must be disputed (<see cref="IssueRow.IsDisputed"/>) to be issues.</summary>
    protected virtual bool OnlyDisputed => true;

    /// <param name="joint">Of all rows.</param>
    /// <param name="least">Per column, the probability from which on a row is confidently of its class.</param>
    public static IssueFilter For(LabelFilter filter, JointEstimate joint, PrunePlan prune, double[] least) => filter switch
    {
        LabelFilter.PruneByNoiseRate => new NoiseRateFilter(prune),
        LabelFilter.PruneByClass => new ClassFilter(prune),
        LabelFilter.Both => new BothFilter(prune),
        LabelFilter.ConfidentLearning => new EveryFilter(row => row.Guess(least) is >= 0 and int guess && guess != row.Label),
        LabelFilter.PredictedNeqGiven => new EveryFilter(_ => true),
        LabelFilter.LowSelfConfidence => new LowScoreFilter(joint.Disputed, row => row[row.Label]),
        _ => new LowScoreFilter(joint.Disputed, row => LabelQuality.Of(LabelScore.NormalizedMargin, row[row.Label], row.Other(), 0, joint.Classes)),
    };

    /// <summary>Takes the rows of a batch whose label has a column.</summary>
    /// <param name="row">Has been turned to the batch.</param>
    /// <param name="columns">Column of each label's code, or −1.</param>
    public void Accept(LabelledRow row, CodeColumn label, ReadOnlySpan<int> columns, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            if (i + Ahead < rows && columns[label[i + Ahead]] is >= 0 and int next)
            {
                Expect(row, i + Ahead, next);
            }

            if (columns[label[i]] is >= 0 and int column)
            {
                row.MoveTo(i, column);
                Accept(row);
            }
        }
    }

    public abstract void Accept(LabelledRow row);

    /// <summary>Told of a row some rows before it is taken.</summary>
    public virtual void Expect(LabelledRow row, int rowInBatch, int label)
    {
    }

    /// <summary>Adds another filter of the same kind and plan.</summary>
    public abstract void Merge(IssueFilter other);

    /// <summary>The issues, each once, in the order of rows.</summary>
    public IssueRow[] Finish()
    {
        // In one array, sorted in place: there may be as many as a tenth of all rows.
        IssueRow[] rows = new IssueRow[Selected().Count(IsTaken)];
        int kept = 0;
        foreach (IssueRow row in Selected().Where(IsTaken))
        {
            rows[kept++] = row;
        }

        Array.Sort(rows, (a, b) => a.Row.CompareTo(b.Row));
        kept = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (kept == 0 || rows[i].Row != rows[kept - 1].Row)
            {
                rows[kept++] = rows[i];
            }
        }

        Array.Resize(ref rows, kept);
        return rows;

        bool IsTaken(IssueRow row) => row.IsDisputed || !OnlyDisputed;
    }

    /// <summary>Rows may be there more than once, and need not be disputed.</summary>
    protected abstract IEnumerable<IssueRow> Selected();
}
