using GpuDiag.Analyses.Causes;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Scan;

/// <summary>One thread of the pass that counts the data's classes and segment values in the training set.</summary>
internal sealed class TrainingPass : IBatchWorker
{
    private readonly ScanStages stages;
    private readonly List<long>[] shared;
    private readonly List<long>[] mine;

    private TrainingPass(ScanStages stages, List<long>[] shared)
    {
        this.stages = stages;
        this.shared = shared;
        mine = [.. shared.Select(_ => new List<long>())];
    }

    /// <summary>Reads the segment columns that the training set has.</summary>
    /// <param name="train">The training set, its labels read.</param>
    /// <param name="columns">Of the data, complete.</param>
    /// <param name="pipeline">Reads the training set.</param>
    /// <param name="clock">Times the pass.</param>
    public static Training Run(TrainStage train, ScanColumns columns, Pipeline pipeline, StageClock clock)
    {
        long[] classes = new long[columns.Classes.Count];
        foreach (int code in train.Labels)
        {
            if (code > Domain.Null)
            {
                classes[code]++;
            }
        }

        SegmentRole?[] found = [.. columns.Roles.Segments.Select((s, i) => columns.Segments[i].Overflowed ? null : In(train.Set.Data, s))];
        SegmentRole[] present = [.. found.OfType<SegmentRole>()];
        long[]?[] segments = new long[]?[found.Length];
        if (present.Length > 0)
        {
            // Domains of its own: values of the training set alone must not enter those of the data.
            Roles roles = new() { Label = present[0].Parts[0].Field, Segments = present, Taken = [] };
            ScanColumns own = new(roles, new Domain("class"), columns.Quantiles, int.MaxValue);
            List<long>[] counts = [.. present.Select(_ => new List<long>())];
            ScanPass pass = new(own, Needs.Segments);
            int rowBytes = pass.RowBytes(0);
            clock.Pass("train segments", "reading segments of the training set", train.Set.Data.Rows, done =>
                pipeline.Run(pass.Requests, () => new TrainingPass(pass.Stages(pipeline.BatchRows(rowBytes)), counts), rowBytes, done));
            for (int s = 0, p = 0; s < found.Length; s++)
            {
                if (found[s] is not null)
                {
                    segments[s] = Training.Translate([.. counts[p]], own.Segments[p], columns.Segments[s]);
                    p++;
                }
            }
        }

        return new Training(train.Set.Data.Rows, classes, segments);
    }

    public void Accept(Batch batch)
    {
        for (int s = 0; s < mine.Length; s++)
        {
            CodeColumn values = stages.Segments[s].Take(batch);
            for (int i = 0; i < batch.Rows; i++)
            {
                Add(mine[s], values[i], 1);
            }
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            for (int s = 0; s < mine.Length; s++)
            {
                for (int code = 0; code < mine[s].Count; code++)
                {
                    Add(shared[s], code, mine[s][code]);
                }
            }
        }
    }

    public void Dispose() => stages.Dispose();

    /// <summary>The segmentation with the training set's columns; null where one is missing, or is not of a kind that can be cut so.</summary>
    private static SegmentRole? In(Dataset train, SegmentRole segment)
    {
        List<(Field Field, int Bins)> parts = [];
        foreach ((Field field, int bins) in segment.Parts)
        {
            if (train.Fields.FirstOrDefault(f => f.Name == field.Name) is not { } own
                || !(bins > 0 ? RoleTypes.Confidence.Append(FieldType.Integer) : RoleTypes.Categories).Contains(own.Type))
            {
                return null;
            }

            parts.Add((own, bins));
        }

        return segment with { Parts = parts, Found = false };
    }

    private static void Add(List<long> counts, int code, long rows)
    {
        while (counts.Count <= code)
        {
            counts.Add(0);
        }

        counts[code] += rows;
    }
}
