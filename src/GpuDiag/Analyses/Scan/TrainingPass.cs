using GpuDiag.Analyses.Causes;
using GpuDiag.Analyses.Results;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that counts the data's segment values and slices in the training set, by class.</summary>
internal sealed class TrainingPass : IBatchWorker
{
    private readonly ScanStages stages;
    private readonly int[] labels;
    private readonly Dictionary<(int Label, int Code), long>[] shared;
    private readonly Dictionary<(int Label, int Code), long>[] mine;

    private TrainingPass(ScanStages stages, int[] labels, Dictionary<(int Label, int Code), long>[] shared)
    {
        this.stages = stages;
        this.labels = labels;
        this.shared = shared;
        mine = [.. shared.Select(_ => new Dictionary<(int, int), long>())];
    }

    /// <summary>Reads the segment columns that the training set has.</summary>
    /// <param name="train">The training set, its labels read.</param>
    /// <param name="columns">Of the data, complete.</param>
    /// <param name="slices">Slices to count too.</param>
    /// <param name="pipeline">Reads the training set.</param>
    /// <param name="clock">Times the pass.</param>
    public static Training Run(TrainStage train, ScanColumns columns, IReadOnlyList<SliceResult> slices, Pipeline pipeline, StageClock clock)
    {
        SegmentRole?[] asked =
        [
            .. columns.Roles.Segments.Select((s, i) => columns.Segments[i].Overflowed ? null : In(train.Set.Data, s.Parts)),
            .. slices.Select(s => In(train.Set.Data, Metadata(s, columns))),
        ];
        SegmentRole[] present = [.. asked.OfType<SegmentRole>()];
        Dictionary<(int Label, int Code), long>[] counts = [.. present.Select(_ => new Dictionary<(int, int), long>())];

        // Domains of its own: values of the training set alone must not enter those of the data.
        ScanColumns? own = null;
        if (present.Length > 0)
        {
            Roles roles = new() { Label = present[0].Parts[0].Field, Segments = present, Taken = [] };
            own = new ScanColumns(roles, new Domain("class"), columns.Quantiles, int.MaxValue);
            ScanPass pass = new(own, Needs.Segments);
            int rowBytes = pass.RowBytes(0);
            clock.Pass("train segments", "reading segments of the training set", train.Set.Data.Rows, done =>
                pipeline.Run(pass.Requests, () => new TrainingPass(pass.Stages(pipeline.BatchRows(rowBytes)), train.Labels, counts), rowBytes, done));
        }

        long[] classes = new long[columns.Classes.Count];
        foreach (int code in train.Labels.Where(c => c > Domain.Null))
        {
            classes[code]++;
        }

        long[]?[] segments = new long[]?[columns.Segments.Count];
        Dictionary<string, long> ofSlices = [];
        for (int i = 0, p = 0; i < asked.Length; i++)
        {
            if (asked[i] is null)
            {
                continue;
            }

            if (i < segments.Length)
            {
                segments[i] = Training.Translate(counts[p], own!.Segments[p], columns.Segments[i]);
            }
            else
            {
                SliceResult slice = slices[i - segments.Length];
                ofSlices[slice.Text] = Rows(slice, counts[p], own!.Segments[p], columns);
            }

            p++;
        }

        return new Training(train.Set.Data.Rows, classes, segments, ofSlices);
    }

    public void Accept(Batch batch)
    {
        for (int s = 0; s < mine.Length; s++)
        {
            CodeColumn values = stages.Segments[s].Take(batch);
            for (int i = 0; i < batch.Rows; i++)
            {
                Add(mine[s], (labels[batch.FirstRow + i], values[i]), 1);
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            for (int s = 0; s < mine.Length; s++)
            {
                foreach (((int Label, int Code) cell, long rows) in mine[s])
                {
                    Add(shared[s], cell, rows);
                }
            }
        }
    }

    public void Dispose() => stages.Dispose();

    /// <summary>Training rows with the slice's class, where it has one, and values.</summary>
    private static long Rows(SliceResult slice, Dictionary<(int Label, int Code), long> counts, Domain own, ScanColumns columns)
    {
        SlicePredicate[] parts = [.. slice.Predicates.Where(p => p.Column != columns.Roles.Label.Name)];
        string text = string.Join('*', parts.Select(p => p.Value ?? "null"));
        int? label = slice.Predicates.FirstOrDefault(p => p.Column == columns.Roles.Label.Name) is { } of
            ? of.Value is null ? Domain.Null : columns.Classes.Find(of.Value)
            : null;
        return counts.Where(c => (label is null || c.Key.Label == label) && own.Text(c.Key.Code) == text).Sum(c => c.Value);
    }

    /// <summary>The columns of a slice but for the true class; none where one is not cut as segments are.</summary>
    private static List<(Field Field, int Bins)> Metadata(SliceResult slice, ScanColumns columns)
    {
        List<(Field Field, int Bins)> parts = [];
        foreach (SlicePredicate predicate in slice.Predicates.Where(p => p.Column != columns.Roles.Label.Name))
        {
            (Field Field, int Bins)[] found = [.. columns.Roles.Segments.SelectMany(s => s.Parts).Where(p => p.Field.Name == predicate.Column).Take(1)];
            if (found.Length == 0 || (found[0].Bins == 0 && columns.Part(found[0].Field).Overflowed))
            {
                return [];
            }

            parts.Add(found[0]);
        }

        return parts;
    }

    /// <summary>A segmentation by the training set's columns; null where one is missing, or is not of a kind that can be cut so.</summary>
    private static SegmentRole? In(Dataset train, IReadOnlyList<(Field Field, int Bins)> columns)
    {
        List<(Field Field, int Bins)> parts = [];
        foreach ((Field field, int bins) in columns)
        {
            if (train.Fields.FirstOrDefault(f => f.Name == field.Name) is not { } own
                || !(bins > 0 ? RoleTypes.Confidence.Append(FieldType.Integer) : RoleTypes.Categories).Contains(own.Type))
            {
                return null;
            }

            parts.Add((own, bins));
        }

        return parts.Count == 0 ? null : new SegmentRole(string.Join('*', parts.Select(p => p.Field.Name)), parts, false);
    }

    private static void Add(Dictionary<(int Label, int Code), long> counts, (int Label, int Code) cell, long rows) =>
        counts[cell] = counts.GetValueOrDefault(cell) + rows;
}
