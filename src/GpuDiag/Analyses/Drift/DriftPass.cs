using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Drift;

/// <summary>One thread of the pass that tallies every compared column of a dataset.</summary>
internal sealed class DriftPass : IBatchWorker
{
    private readonly DriftReading reading;
    private readonly DriftState mine;
    private readonly DriftState shared;
    private readonly CodeStage?[] classes;

    private DriftPass(DriftReading reading, int capacity, DriftState shared)
    {
        (this.reading, this.shared) = (reading, shared);
        mine = new DriftState(reading.Columns);
        classes = [.. reading.Columns.Select((c, i) => reading.Stage(i, capacity))];
    }

    /// <summary>Reads every row once.</summary>
    /// <param name="columns">What to tally; the dataset has them all.</param>
    public static DriftState Run(Dataset data, IReadOnlyList<DriftColumn> columns, Pipeline pipeline, Action<long> progress)
    {
        DriftReading reading = new(data.Fields, columns);
        DriftState state = new(columns) { Rows = data.Rows };
        int rowBytes = 8 * Math.Max(1, reading.Requests.Count);
        pipeline.Run(reading.Requests, () => new DriftPass(reading, pipeline.BatchRows(rowBytes), state), rowBytes, progress);
        return state;
    }

    public void Accept(Batch batch)
    {
        for (int i = 0; i < mine.Tallies.Count; i++)
        {
            mine.Tallies[i].Accept(classes[i]?.Take(batch) ?? batch.Columns[reading.Place(i)], batch.Rows);
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            shared.Merge(mine);
        }
    }

    public void Dispose()
    {
        foreach (CodeStage? stage in classes)
        {
            stage?.Dispose();
        }
    }
}

/// <summary>Which columns of a dataset are requested, in which form, and where each compared column is among them.</summary>
internal sealed class DriftReading
{
    private readonly List<ColumnRequest> requests = [];
    private readonly int[] places;
    private readonly bool[] integral;
    private readonly Domain classes = new("class");

    public DriftReading(IReadOnlyList<Field> fields, IReadOnlyList<DriftColumn> columns)
    {
        Columns = columns;
        Dictionary<string, Field> byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        Field[] classFields = [.. columns.Where(c => c.Kind is DriftKind.Label or DriftKind.Prediction).Select(c => byName[c.Name])];
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
            bool isClass = column.Kind is DriftKind.Label or DriftKind.Prediction;
            integral[i] = isClass && RoleTypes.Floats.Contains(byName[column.Name].Type);
            places[i] = requests.Count;
            requests.Add((column.Form, integral[i]) switch
            {
                (DriftForm.Numbers, _) or (_, true) => new ColumnRequest(column.Name, ColumnForm.Numbers),
                (DriftForm.Text, _) => new ColumnRequest(column.Name, ColumnForm.Text),
                _ => new ColumnRequest(column.Name, ColumnForm.Codes, isClass ? classes : CategoryTally.Domain(column.Name)),
            });
        }
    }

    public IReadOnlyList<DriftColumn> Columns { get; }

    public IReadOnlyList<ColumnRequest> Requests => requests;

    /// <summary>Where in a batch column number <paramref name="i"/> is.</summary>
    public int Place(int i) => places[i];

    /// <summary>What makes codes of a column that is stored otherwise; null where it is read as it is tallied.</summary>
    public CodeStage? Stage(int i, int capacity) => integral[i] ? new IntegralCodes(places[i], classes, capacity, Columns[i].Name) : null;
}
