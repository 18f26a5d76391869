using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Compare;

/// <summary>How many rows found their other, and why others did not.</summary>
internal sealed class JoinTally
{
    public long Matched, OnlyBefore, OnlyAfter, RepeatedBefore, RepeatedAfter, NullBefore, NullAfter;

    /// <summary>Adds the rows with an id; safe for threads.</summary>
    public void Add(JoinTally part)
    {
        lock (this)
        {
            Matched += part.Matched;
            OnlyBefore += part.OnlyBefore;
            OnlyAfter += part.OnlyAfter;
            RepeatedBefore += part.RepeatedBefore;
            RepeatedAfter += part.RepeatedAfter;
        }
    }

    public JoinResult Result(long beforeRows, long afterRows) =>
        new("id", beforeRows, afterRows, Matched, OnlyBefore, OnlyAfter, RepeatedBefore, RepeatedAfter, NullBefore, NullAfter);
}
