using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.PipelineChecks;

/// <summary>
/// Columns of one value, or of none. A few rows from the start, the middle and the end of the data rule out almost all;
/// only the columns that are left are read in full, and of these the constant ones, which take no space, to the end.
/// </summary>
/// <param name="Columns">How many columns were looked at: all but lists, images and bytes.</param>
/// <param name="Constant">In the order of the data; without those of nulls only.</param>
/// <param name="Null">Columns of nulls only.</param>
internal sealed record ColumnTally(int Columns, IReadOnlyList<string> Constant, IReadOnlyList<string> Null)
{
    private const int PeekRows = 256;

    /// <summary>Values, in the dictionaries of files too, above which a column varies without another look.</summary>
    private const int MostValues = 1 << 16;

    /// <param name="data">The dataset.</param>
    /// <param name="pipeline">Reads it.</param>
    public static ColumnTally Read(Dataset data, Pipeline pipeline)
    {
        Candidate[] all = [.. data.Fields.Where(f => FormRules.Allows(f.Type, Form(f))).Select(f => new Candidate(f))];
        Candidate[] left = all;
        foreach (int chunk in (int[])[0, data.Chunks.Count / 2, data.Chunks.Count - 1])
        {
            ColumnRequest[] requests = [.. left.Select(c => c.Request)];
            using Batch batch = new(requests, PeekRows);
            using DatasetReader reader = data.Open(requests);
            reader.Start(chunk);
            reader.Read(batch);
            Look(left, batch);
            left = [.. left.Where(c => !c.Varies)];
        }

        if (left.Length > 0)
        {
            pipeline.Run([.. left.Select(c => c.Request)], () => new Worker(left), 8 * left.Length);
        }

        return new ColumnTally(
            all.Length,
            [.. left.Where(c => !c.Varies && c.HasValue).Select(c => c.Field.Name)],
            [.. left.Where(c => !c.Varies && !c.HasValue).Select(c => c.Field.Name)]);
    }

    private static ColumnForm Form(Field field) =>
        field.Type is FieldType.Float32 or FieldType.Float64 ? ColumnForm.Numbers : ColumnForm.Codes;

    private static void Look(Candidate[] candidates, Batch batch)
    {
        for (int c = 0; c < candidates.Length; c++)
        {
            candidates[c].Look(batch.Columns[c], batch.Rows);
        }
    }

    private sealed class Worker(Candidate[] candidates) : IBatchWorker
    {
        public void Accept(Batch batch) => Look(candidates, batch);

        public void Finish()
        {
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A column that has had one value at most. Null beside a value makes it vary. Any thread may look.</summary>
    private sealed class Candidate
    {
        private readonly Lock gate = new();
        private readonly Domain values;
        private double number;
        private bool hasNull;

        public Candidate(Field field)
        {
            Field = field;
            values = new Domain(field.Name, MostValues);
            Request = new ColumnRequest(field.Name, Form(field), Form(field) == ColumnForm.Codes ? values : null);
        }

        public Field Field { get; }

        public ColumnRequest Request { get; }

        public bool HasValue { get; private set; }

        public bool Varies { get; private set; }

        public void Look(Column column, int rows)
        {
            if (Varies)
            {
                return;
            }

            bool nulls = false, filled = false, varies = false;
            double first = 0;
            for (int i = 0; i < rows && !varies; i++)
            {
                double value = column is NumberColumn numbers ? numbers[i] : ((CodeColumn)column)[i];
                bool isNull = column is NumberColumn ? double.IsNaN(value) : value == Domain.Null;
                varies |= !isNull && filled && value != first;
                (first, filled) = isNull ? (first, filled) : (value, true);
                nulls |= isNull;
            }

            lock (gate)
            {
                hasNull |= nulls;
                Varies |= varies || values.Overflowed || (HasValue && filled && number != first);
                (number, HasValue) = filled ? (first, true) : (number, HasValue);
                Varies |= hasNull && HasValue;
            }
        }
    }
}
