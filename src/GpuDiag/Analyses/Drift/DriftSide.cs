using GpuDiag.Analyses.Scan;
using GpuDiag.Analyses.Shards;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>A dataset that was read for a comparison.</summary>
/// <param name="State">What it has.</param>
/// <param name="Left">The reference's columns that it lacks, and columns that the reference lacks.</param>
/// <param name="Files">What was read.</param>
/// <param name="Skipped">What could not be.</param>
internal sealed record DriftSide(DriftState State, IReadOnlyList<NotCompared> Left, IReadOnlyList<InputFile> Files, IReadOnlyList<SkippedFile> Skipped)
{
    private static readonly DriftSegment AllRows = new([], true);

    /// <summary>Opens a dataset, which must have rows.</summary>
    public static Dataset Open(string name, bool skipUnreadable, Quarantine? quarantine)
    {
        Dataset data = Dataset.Open([name], skipUnreadable, quarantine);
        if (data.Rows > 0)
        {
            return data;
        }

        string file = data.Files[0].Path;
        data.Dispose();
        throw new InputException("there are no rows", file, null, "Check that the data was written completely: nothing can be compared with no rows.");
    }

    /// <summary>Reads a dataset.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="name">Its name in run.json, and the one of its own.</param>
    /// <param name="columns">The reference's columns.</param>
    /// <param name="segments">The reference's segmentations.</param>
    /// <param name="options">What is asked for by name must be there.</param>
    /// <param name="clusters">Tells which clusters rows are in.</param>
    /// <param name="backend">Counts.</param>
    /// <param name="pipeline">Reads it.</param>
    /// <param name="rounds">What is known of it already.</param>
    /// <param name="progress">Rows done.</param>
    public static DriftSide Read(Dataset data, (string Set, string Role) name, IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments, DriftOptions options, DriftClusters clusters, Backend backend, Pipeline pipeline, Rounds rounds, Action<long> progress)
    {
        List<NotCompared> left = [];
        List<DriftColumn> here = [];
        Dictionary<string, Field> fields = data.Fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        foreach (DriftColumn column in columns)
        {
            bool found = fields.TryGetValue(column.Name, out Field? field);
            if (found && column.Takes(field!.Type))
            {
                here.Add(column);
                continue;
            }

            if (options.Columns.Contains(column.Name))
            {
                throw new InputException(
                    found ? $"is {field!.Declared} here, which cannot be compared with the reference's" : "there is no such column here, but in the reference (asked for by --column)",
                    data.Files[0].Path,
                    column.Name,
                    "Give both datasets one schema, or leave the column out with --ignore.");
            }

            left.Add(new NotCompared(column.Name, found ? $"is {field!.Declared} in the current data, of another type in the reference" : "is missing in the current data"));
        }

        if (here.Count == 0)
        {
            throw new InputException("has no column that the reference has", data.Files[0].Path, null, "Compare datasets of one schema; the columns are: " + string.Join(", ", fields.Keys) + ".");
        }

        // Machines that share the reading know no cells that all of the reference decides, and each has some rows' vectors alone.
        DriftSegment[] shared = [.. segments.Where(s => !rounds.IsCut || s.Cut is null)], late = [.. segments.Except(shared)];
        DriftState state = Count(data, here, shared, clusters, backend, pipeline, rounds, new RoundPass($"read {name.Role}") { EndsRound = false, IsApart = true }, progress);
        if (late.Length > 0 && rounds.Goal == RoundGoal.Result)
        {
            state = state.With(CountMore(data, here, late, clusters, backend, pipeline, rounds, $"cut {name.Role}", progress));
        }

        return new DriftSide(
            state,
            left,
            [.. data.Files.Select(f => new InputFile(f.Path, f.Bytes, f.Rows) { Set = name.Set })],
            [.. data.Skipped.Select(s => new SkippedFile(s.Path, s.Reason))]);
    }

    /// <summary>Counts a dataset that was read by further segmentations, in a reading of its own; all rows as one comes first there too.</summary>
    public static DriftState CountMore(
        Dataset data, IEnumerable<DriftColumn> columns, IEnumerable<DriftSegment> segments, DriftClusters clusters, Backend backend, Pipeline pipeline, Rounds rounds, string pass, Action<long> progress)
    {
        DriftColumn[] model = [.. columns.Where(c => c.Kind == DriftKind.Label || DriftKinds.IsModel(c.Kind))];
        return Count(data, model, [AllRows, .. segments], clusters, backend, pipeline, rounds, new RoundPass(pass) { IsShared = false, IsApart = true }, progress);
    }

    /// <summary>Tallies columns that the dataset has, and counts by the segmentations that it can be cut by.</summary>
    private static DriftState Count(
        Dataset data, IReadOnlyList<DriftColumn> columns, IReadOnlyList<DriftSegment> segments, DriftClusters clusters, Backend backend, Pipeline pipeline, Rounds rounds, RoundPass pass, Action<long> progress)
    {
        Dictionary<string, Field> fields = data.Fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        List<DriftSegment> possible = [];
        Dictionary<DriftSegment, int[]> nearest = [];
        foreach (DriftSegment segment in segments.Where(s => Has(data, fields, s)))
        {
            if (segment.Cut is { IsClusters: true } cut)
            {
                if (clusters.Assign(data, segment.Columns[0], cut, pipeline) is not { } ofRows)
                {
                    continue;
                }

                nearest.Add(segment, ofRows);
            }

            possible.Add(segment);
        }

        return DriftPass.Run(data, columns, possible, nearest, backend, pipeline, rounds, pass, progress);
    }

    /// <summary>Whether the dataset can be cut so; one that was asked for must be possible.</summary>
    private static bool Has(Dataset data, Dictionary<string, Field> fields, DriftSegment segment)
    {
        foreach (string column in segment.Columns)
        {
            ColumnForm form = segment.Cut is null ? ColumnForm.Codes : segment.Cut.IsClusters ? ColumnForm.Matrix : ColumnForm.Numbers;
            if (fields.TryGetValue(column, out Field? field) && FormRules.Allows(field.Type, form))
            {
                continue;
            }

            return segment.Asked
                ? throw new InputException(field is null ? $"there is no such column here (asked for by --{(segment.Cut is null ? "segment" : "bin")})" : $"is {field.Declared} here, which cannot be cut into segments", data.Files[0].Path, column, "Give both datasets one schema, or name another segment.")
                : false;
        }

        return true;
    }
}
