using GpuDiag.Analyses.Results;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>Rows by whether BEFORE and AFTER have them right, for groups of cases, their neighbours, and all other errors of BEFORE.</summary>
internal sealed class CaseTally
{
    public Dictionary<string, long[]> Causes { get; } = [];

    public Dictionary<string, long[]> Clusters { get; } = [];

    public long[] All { get; } = new long[4];

    public long[] Neighbors { get; } = new long[4];

    public long[] Others { get; } = new long[4];

    public static PairTable Table(long[] counts) => new(counts[0], counts[1], counts[2], counts[3]);

    public void Merge(CaseTally other)
    {
        Add(All, other.All);
        Add(Neighbors, other.Neighbors);
        Add(Others, other.Others);
        foreach ((Dictionary<string, long[]> to, Dictionary<string, long[]> from) in (ReadOnlySpan<(Dictionary<string, long[]>, Dictionary<string, long[]>)>)[(Causes, other.Causes), (Clusters, other.Clusters)])
        {
            foreach ((string name, long[] counts) in from)
            {
                Add(Of(to, name), counts);
            }
        }
    }

    public static long[] Of(Dictionary<string, long[]> groups, string name)
    {
        if (!groups.TryGetValue(name, out long[]? counts))
        {
            groups.Add(name, counts = new long[4]);
        }

        return counts;
    }

    private static void Add(long[] to, long[] from)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }
}

/// <summary>One thread that reads BEFORE for the cases of an earlier scan.</summary>
internal sealed class CasePass : IBatchWorker
{
    private readonly RowColumns columns;
    private readonly AfterRows after;
    private readonly Cases cases;
    private readonly int idAt;
    private readonly CaseTally shared, mine = new();

    private CasePass(CompareSide side, ScanPass pass, int capacity, AfterRows after, Cases cases, int idAt, CaseTally shared)
    {
        columns = new RowColumns(side.Rows, pass, capacity);
        (this.after, this.cases, this.idAt, this.shared) = (after, cases, idAt, shared);
    }

    public static CaseTally Run(CompareSide side, AfterRows after, Cases cases, StageClock clock)
    {
        ScanPass pass = new(side.Rows.Columns, Needs.Prediction | (side.Roles.Pred is null ? Needs.Probabilities : 0));
        int rowBytes = pass.RowBytes(side.Rows.ClassCodes.Length) + 64;

        // Ids come after the pass's own columns, which keep their places.
        IReadOnlyList<ColumnRequest> requests = side.Roles.Id is { } id ? [.. pass.Requests, new ColumnRequest(id.Name, ColumnForm.Text)] : pass.Requests;
        int idAt = side.Roles.Id is null ? -1 : requests.Count - 1;
        CaseTally tally = new();
        clock.Pass("cases", "looking for cases", side.Data.Rows, done => side.Reader.Run(
            requests, () => new CasePass(side, pass, side.Reader.BatchRows(rowBytes), after, cases, idAt, tally), rowBytes, done));
        return tally;
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        ReadOnlySpan<int> labels = after.Labels(batch.FirstRow, batch.Rows), predictions = after.Predictions(batch.FirstRow, batch.Rows);
        for (int i = 0; i < batch.Rows; i++)
        {
            int truth = Math.Abs(labels[i]);
            if (truth == Domain.Null)
            {
                continue;
            }

            string? id = idAt < 0 ? null : ((TextColumn)batch.Columns[idAt]).Values[i];
            int cell = (columns.Prediction[i] == truth ? 0 : 2) + (predictions[i] - 1 == truth ? 0 : 1);
            if (cases.IsNeighbor(id, batch.FirstRow + i))
            {
                mine.Neighbors[cell]++;
            }

            if (cases.Find(id, batch.FirstRow + i) is not { } found)
            {
                mine.Others[cell]++;
                continue;
            }

            mine.All[cell]++;
            if (found.Cause is { } cause)
            {
                CaseTally.Of(mine.Causes, cause)[cell]++;
            }

            if (found.Cluster is { } cluster)
            {
                CaseTally.Of(mine.Clusters, cluster)[cell]++;
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            shared.Merge(mine);
        }
    }

    public void Dispose() => columns.Dispose();
}
