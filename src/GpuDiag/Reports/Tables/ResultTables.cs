using System.Globalization;
using GpuDiag.Analyses.Metrics;
using GpuDiag.Analyses.Neighbors;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Reports.Tables;

/// <summary>The tables of a scan: names and types of their columns are a contract.</summary>
internal static class ResultTables
{
    public static Table<ClassResult> Classes { get; } = new Table<ClassResult>()
        .Text("class", c => c.Class)
        .Value("support", c => c.Support)
        .Value("predicted", c => c.Predicted)
        .Estimate("precision", c => c.Precision)
        .Estimate("recall", c => c.Recall)
        .Estimate("f1", c => c.F1)
        .Estimate("roc_auc", c => c.RocAuc)
        .Estimate("average_precision", c => c.AveragePrecision);

    public static Table<Confusion> Confusions { get; } = new Table<Confusion>()
        .Text("label", c => c.Label)
        .Text("pred", c => c.Pred)
        .Value("count", c => c.Count);

    public static Table<RowResult> Rows { get; } = new Table<RowResult>()
        .Value("row", r => r.Row)
        .Text("id", r => r.Id)
        .Text("split", r => r.Split)
        .Text("label", r => r.Label)
        .Text("pred", r => r.Pred)
        .Optional("confidence", r => r.Confidence)
        .Optional("correct", r => r.Correct)
        .Optional("loss", r => r.Loss)
        .Optional("label_issue", r => r.LabelIssue)
        .Optional("label_quality", r => r.LabelQuality)
        .Optional("outlier", r => r.Outlier)
        .Optional("outlier_score", r => r.OutlierScore)
        .Optional("duplicate_set", r => r.DuplicateSet)
        .Optional("leak", r => r.Leak)
        .Optional("label_agreement", r => r.LabelAgreement)
        .Optional("cluster", r => r.Cluster)
        .Text("cause", r => r.Cause)
        .Optional("x", r => r.X)
        .Optional("y", r => r.Y)
        .Optional("pred_agreement", r => r.PredAgreement)
        .Optional("shapley", r => r.Shapley)
        .Text("evidence", r => r.Evidence)
        .Text("suggested_label", r => r.SuggestedLabel)
        .Text("failing_segments", r => r.FailingSegments)
        .Optional("outlier_percentile", r => r.OutlierPercentile)
        .Text("slices", r => r.Slices);

    public static Table<RowNeighbor> RowNeighbors { get; } = new Table<RowNeighbor>()
        .Text("query", n => n.Query)
        .Value("rank", n => n.Rank)
        .Text("neighbor", n => n.Neighbor)
        .Value("distance", n => n.Distance)
        .Text("source", n => n.Source)
        .Value("query_row", n => n.QueryRow)
        .Value("neighbor_row", n => n.NeighborRow)
        .Text("label", n => n.Label);

    public static Table<ClusterResult> Clusters { get; } = new Table<ClusterResult>()
        .Value("cluster", c => c.Cluster)
        .Value("rows", c => c.Rows)
        .Value("errors", c => c.Errors)
        .Estimate("error_rate", c => c.ErrorRate)
        .Optional("error_rate_elsewhere", c => c.ErrorRateElsewhere)
        .Optional("p_value", c => c.PValue)
        .Optional("q_value", c => c.QValue)
        .Text("label", c => c.Dominant?.Label)
        .Text("pred", c => c.Dominant?.Pred)
        .Optional("confusion_count", c => c.Dominant?.Count)
        .Value("medoid", c => c.Medoid)
        .Optional("x", c => c.X)
        .Optional("y", c => c.Y)
        .Text("typical_errors", c => string.Join(' ', c.TypicalErrors))
        .Text("over_represented", c => Values(c.OverRepresented))
        .Text("slices", c => string.Join("; ", c.Slices.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Predicates} ({s.Lift:0.00}x)"))));

    /// <summary>What is commoner in a cluster, as text.</summary>
    internal static string Values(IEnumerable<ClusterValue> values) =>
        string.Join("; ", values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Column}={v.Value ?? "null"} ({v.Lift:0.00}x)")));

    public static Table<SliceResult> Slices { get; } = new Table<SliceResult>()
        .Text("predicates", s => s.Text)
        .Value("level", s => s.Level)
        .Value("rows", s => s.Rows)
        .Value("errors", s => s.Errors)
        .Estimate("error_rate", s => s.ErrorRate)
        .Value("score", s => s.Score)
        .Value("p_value", s => s.PValue)
        .Value("q_value", s => s.QValue)
        .Optional("error_rate_elsewhere", s => s.ErrorRateElsewhere)
        .Value("mean", s => s.Mean)
        .Text("folded", s => string.Join("; ", s.Folded));

    /// <summary>Neighbours, each side by id where it has ids, else by row number.</summary>
    public static Table<KnnRow> Knn(Func<long, string>? queryId, Func<long, string>? neighborId)
    {
        var table = new Table<KnnRow>();
        table = queryId is null ? table.Value("query", n => n.Query) : table.Text("query", n => queryId(n.Query));
        table = table.Value("rank", n => n.Rank);
        table = neighborId is null ? table.Value("neighbor", n => n.Neighbor) : table.Text("neighbor", n => neighborId(n.Neighbor));
        return table.Value("distance", n => n.Distance);
    }

    /// <summary>Metrics differ with what the data has: the columns are those of any segment, in order of appearance.</summary>
    public static Table<SegmentResult> Segments(IReadOnlyList<SegmentResult> segments)
    {
        var table = new Table<SegmentResult>()
            .Text("column", s => s.Column)
            .Text("value", s => s.IsNull ? null : s.Value)
            .Value("rows", s => s.Rows)
            .Value("errors", s => s.Errors);
        IEnumerable<string> always = ["accuracy", "f1_macro"];
        // Segments share their names: a million of them need not be asked one by one.
        var sets = segments.Select(s => s.Metrics).DistinctBy(m => m is MetricSet set ? set.Names : (object)m);
        foreach (string metric in always.Concat(sets.SelectMany(m => m.Keys)).Distinct())
            table.Estimate(metric, s => s.Metrics.GetValueOrDefault(metric));
        return table
            .Optional("p_value", s => s.PValue)
            .Optional("q_value", s => s.QValue)
            .Optional("temperature", s => s.Calibration?.Temperature);
    }
}
