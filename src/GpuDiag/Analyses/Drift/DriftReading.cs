using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>Which columns of a dataset are requested, in which form, and where each compared column and segment is among them.</summary>
internal sealed class DriftReading
{
    private readonly List<ColumnRequest> requests = [];
    private readonly Dictionary<string, (int Place, Domain Domain)> parts = [];
    private readonly List<Domain[]> chains = [];
    private readonly Dictionary<DriftSegment, (int Place, QuantileBins Bins)> bins = [];
    private readonly IReadOnlyDictionary<DriftSegment, int[]> clusters;
    private readonly int[] places;
    private readonly bool[] integral;
    private readonly Domain classes = new("class");

    /// <param name="fields">The dataset's.</param>
    /// <param name="columns">What to tally.</param>
    /// <param name="segments">What to count by, where there are predictions.</param>
    /// <param name="clusters">Of segmentations by cluster, the cluster of each row, −1 for none.</param>
    /// <param name="labelled">Labels are there and count.</param>
    public DriftReading(IReadOnlyList<Field> fields, IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments, IReadOnlyDictionary<DriftSegment, int[]> clusters, bool labelled)
    {
        Columns = columns;
        this.clusters = clusters;
        Dictionary<string, Field> byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        Field[] classFields = [.. columns.Where(IsClass).Select(c => byName[c.Name])];
        if (classFields.Any(f => f.Type == FieldType.Boolean) && classFields.Any(f => f.Type != FieldType.Boolean))
        {
            // 0 and 1 of the one column are false and true of the other.
            classes.Alias("0", classes.Code(false));
            classes.Alias("1", classes.Code(true));
        }

        places = new int[columns.Count];
        integral = new bool[columns.Count];
        for (int i = 0; i < columns.Count; i++)
        {
            DriftColumn column = columns[i];
            integral[i] = IsClass(column) && RoleTypes.Floats.Contains(byName[column.Name].Type);
            places[i] = requests.Count;
            requests.Add((column.Form, integral[i]) switch
            {
                (DriftForm.Numbers, _) or (_, true) => new ColumnRequest(column.Name, ColumnForm.Numbers),
                (DriftForm.Vectors or DriftForm.Greatest, _) => new ColumnRequest(column.Name, ColumnForm.Matrix),
                (DriftForm.Text, _) => new ColumnRequest(column.Name, ColumnForm.Text),
                _ => new ColumnRequest(column.Name, ColumnForm.Codes, IsClass(column) ? classes : CategoryTally.Domain(column.Name)),
            });
        }

        Label = Find(DriftKind.Label);
        Prediction = Find(DriftKind.Prediction);
        Confidence = Find(DriftKind.Confidence);
        Labelled = labelled && Label >= 0;
        if (Prediction < 0 || (!Labelled && Confidence < 0))
        {
            return;
        }

        Segments = segments;
        foreach (DriftSegment segment in segments.Skip(1))
        {
            chains.Add(segment.Cut is null ? Chain(segment) : [Cut(segment)]);
        }

        Plan = new CountPlan(classes, [.. chains.Select(c => c[^1])], Confidence >= 0);

        int Find(DriftKind kind)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (columns[i].Kind == kind)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    public IReadOnlyList<DriftColumn> Columns { get; }

    /// <summary>All rows as one first; empty where nothing is counted.</summary>
    public IReadOnlyList<DriftSegment> Segments { get; } = [];

    public IReadOnlyList<ColumnRequest> Requests => requests;

    /// <summary>What to count; null where there are no predictions, or neither labels nor confidences beside them.</summary>
    public CountPlan? Plan { get; }

    /// <summary>Labels count; else predictions stand in their place.</summary>
    public bool Labelled { get; }

    /// <summary>Numbers of columns; −1 for none.</summary>
    public int Label { get; }

    public int Prediction { get; }

    public int Confidence { get; }

    /// <summary>Where in a batch column number <paramref name="i"/> is.</summary>
    public int Place(int i) => places[i];

    /// <summary>What makes codes of a column that is stored otherwise; null where it is read as it is tallied.</summary>
    public CodeStage? Stage(int i, int capacity) => integral[i] ? new IntegralCodes(places[i], classes, capacity, Columns[i].Name) : null;

    /// <summary>What makes numbers of a column of probabilities; null for others.</summary>
    public GreatestNumbers? Greatest(int i, int capacity) => Columns[i].Form == DriftForm.Greatest ? new GreatestNumbers(places[i], capacity) : null;

    /// <summary>What makes codes of segmentation number <paramref name="i"/>, all rows as one not counted.</summary>
    public CodeStage SegmentStage(int i, int capacity)
    {
        DriftSegment segment = Segments[i + 1];
        if (segment.Cut is { IsClusters: true })
        {
            return new RowCodes(clusters[segment], chains[i][0], capacity);
        }

        if (bins.TryGetValue(segment, out (int Place, QuantileBins Bins) cut))
        {
            return new BinCodes(cut.Place, cut.Bins, capacity);
        }

        IReadOnlyList<string> columns = segment.Columns;
        CodeStage stage = new StoredCodes(parts[columns[0]].Place);
        for (int c = 1; c < columns.Count; c++)
        {
            stage = new CrossCodes(stage, new StoredCodes(parts[columns[c]].Place), chains[i][c], capacity);
        }

        return stage;
    }

    private static bool IsClass(DriftColumn column) => column.Kind is DriftKind.Label or DriftKind.Prediction;

    /// <summary>The cells of a cut column: its numbers are read where the tally reads them.</summary>
    private Domain Cut(DriftSegment segment)
    {
        if (segment.Cut!.IsClusters)
        {
            Domain domain = new(segment.Name!);
            for (int cluster = 0; cluster < segment.Cut.Centroids.Length / segment.Cut.Width; cluster++)
            {
                domain.Code(cluster);
            }

            return domain;
        }

        int place = requests.FindIndex(r => r.Column == segment.Columns[0] && r.Form == ColumnForm.Numbers);
        if (place < 0)
        {
            place = requests.Count;
            requests.Add(new ColumnRequest(segment.Columns[0], ColumnForm.Numbers));
        }

        bins.Add(segment, (place, QuantileBins.Open(segment.Columns[0], segment.Cut.Edges)));
        return bins[segment].Bins.Domain;
    }

    private Domain[] Chain(DriftSegment segment)
    {
        List<Domain> chain = [];
        foreach (string column in segment.Columns)
        {
            if (!parts.TryGetValue(column, out (int Place, Domain Domain) part))
            {
                parts[column] = part = (requests.Count, new Domain(column, segment.MostValues));
                requests.Add(new ColumnRequest(column, ColumnForm.Codes, part.Domain));
            }

            chain.Add(chain.Count == 0 ? part.Domain : new Domain($"{chain[^1].Name}*{column}", segment.MostValues));
        }

        return [.. chain];
    }
}
