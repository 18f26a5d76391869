using System.Globalization;
using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Mining;

/// <summary>Finds the failures in a table of predictions: rows whose label and prediction differ; every row where it lacks one of them.</summary>
internal sealed class CaseReader : IBatchWorker
{
    private const string ClusterColumn = "cluster";

    private readonly Found found;
    private readonly ScanStages? stages;
    private readonly int id;
    private readonly int cluster;
    private readonly List<FailureCase> mine = [];
    private readonly Dictionary<int, long> rows = [];

    private CaseReader(Found found, ScanStages? stages, int id, int cluster) => (this.found, this.stages, this.id, this.cluster) = (found, stages, id, cluster);

    /// <summary>Reads the data once.</summary>
    /// <param name="source">Whose inputs the data is.</param>
    /// <param name="data">Opened.</param>
    /// <param name="id">The column of ids; null for row numbers.</param>
    /// <param name="pipeline">Reads the data.</param>
    /// <returns>The source with its failures and, with a column <c>cluster</c>, each cluster's rows.</returns>
    public static CaseSource Read(CaseSource source, Dataset data, Field? id, Pipeline pipeline)
    {
        Field? label = Find(data, RoleNames.Label, RoleTypes.Classes), pred = Find(data, RoleNames.Pred, RoleTypes.Classes);
        Field? cluster = Find(data, [ClusterColumn], [FieldType.Integer]);
        Domain classes = new("class");
        ScanPass? pass = label is null || pred is null
            ? null
            : new ScanPass(new ScanColumns(new Roles { Label = label, Pred = pred, Segments = [], Taken = [] }, classes, [], 0), Needs.Prediction);
        List<ColumnRequest> requests = [.. pass?.Requests ?? []];
        int idAt = Place(id, ColumnForm.Text), clusterAt = Place(cluster, ColumnForm.Numbers);
        if (requests.Count == 0)
        {
            return source with { Failures = [.. Enumerable.Range(0, checked((int)data.Rows)).Select(r => new FailureCase(r, null, null, null, null, null))] };
        }

        Found found = new();
        pipeline.Run(requests, () => new CaseReader(found, pass?.Stages(pipeline.BatchRows(32)), idAt, clusterAt), 32);
        return source with { Failures = [.. found.Cases.OrderBy(c => c.Row)], ClusterRows = found.Rows };

        int Place(Field? field, ColumnForm form)
        {
            if (field is null)
            {
                return -1;
            }

            requests.Add(new ColumnRequest(field.Name, form));
            return requests.Count - 1;
        }
    }

    public void Accept(Batch batch)
    {
        CodeColumn? label = stages?.Label.Take(batch), pred = stages?.Prediction!.Take(batch);
        for (int i = 0; i < batch.Rows; i++)
        {
            int? group = cluster >= 0 && ((NumberColumn)batch.Columns[cluster])[i] is >= 0 and <= int.MaxValue and var number ? (int)number : null;
            if (group is int g)
            {
                rows[g] = rows.GetValueOrDefault(g) + 1;
            }

            if (label is null || (label[i] != pred![i] && label[i] != Domain.Null && pred[i] != Domain.Null))
            {
                mine.Add(new FailureCase(
                    batch.FirstRow + i,
                    id >= 0 ? ((TextColumn)batch.Columns[id]).Values[i] : null,
                    label is null ? null : label.Domain.Text(label[i]),
                    pred is null ? null : pred.Domain.Text(pred[i]),
                    null,
                    group));
            }
        }
    }

    public void Finish()
    {
        lock (found)
        {
            found.Cases.AddRange(mine);
            foreach ((int group, long count) in rows)
            {
                found.Rows[group] = found.Rows.GetValueOrDefault(group) + count;
            }
        }
    }

    public void Dispose() => stages?.Dispose();

    /// <summary>How a message and a table name the case.</summary>
    public static string Name(FailureCase failure) => failure.Id ?? failure.Row.ToString(CultureInfo.InvariantCulture);

    private static Field? Find(Dataset data, string[] names, FieldType[] types) =>
        names.Select(n => data.Fields.FirstOrDefault(f => string.Equals(f.Name, n, StringComparison.OrdinalIgnoreCase) && types.Contains(f.Type))).FirstOrDefault(f => f is not null);

    private sealed class Found
    {
        public List<FailureCase> Cases { get; } = [];

        public Dictionary<int, long> Rows { get; } = [];
    }
}
