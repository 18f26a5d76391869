using GpuDiag.Analyses.Slices;
using GpuDiag.Columns;
using GpuDiag.Engine;
using GpuDiag.Engine.Bits;

namespace GpuDiag.Analyses.Scan;

/// <summary>What the pass that fills the sets of rows finds beside them.</summary>
internal sealed class SliceTotals
{
    /// <summary>Rows that count.</summary>
    public long Rows { get; set; }

    public long Errors { get; set; }

    /// <summary>Of the rows' values, in steps.</summary>
    public long Sum { get; set; }
}

/// <summary>
/// One thread of the pass that fills the sets of rows. A row counts when it has a label, a prediction, and a value of what is
/// searched for: a loss, a confidence within [0, 1].
/// </summary>
internal sealed class SlicePass : IBatchWorker
{
    private readonly BitMatrix bits;
    private readonly SliceObjective objective;
    private readonly IReadOnlyList<int[]> setOf;
    private readonly SliceOptions options;
    private readonly SliceTotals shared;
    private readonly SliceTotals mine = new();
    private readonly RowColumns columns;
    private readonly RowErrors? errors;
    private bool[] counted = [], wrong = [];

    /// <param name="plan">Its segments are the metadata columns.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="capacity">Rows of a batch at most.</param>
    /// <param name="options">What is searched.</param>
    /// <param name="bits">Receives the rows.</param>
    /// <param name="setOf">Per column its codes' sets: first label and prediction, where they take part, then the metadata.</param>
    /// <param name="shared">Receives the totals.</param>
    /// <param name="errors">Which rows count and are errors; null: those with a label and a prediction, and the wrong ones.</param>
    public SlicePass(ScanPlan plan, ScanPass pass, int capacity, SliceOptions options, BitMatrix bits, IReadOnlyList<int[]> setOf, SliceTotals shared, RowErrors? errors)
    {
        this.bits = bits;
        this.options = options;
        this.setOf = setOf;
        this.shared = shared;
        this.errors = errors;
        objective = options.Objective;
        columns = new RowColumns(plan, pass, capacity);
    }

    public void Accept(Batch batch)
    {
        columns.Take(batch);
        counted = counted.Length < batch.Rows ? new bool[batch.Rows] : counted;
        if (errors is not null)
        {
            wrong = wrong.Length < batch.Rows ? new bool[batch.Rows] : wrong;
            errors(batch.FirstRow, batch.Rows, columns, counted, wrong);
            for (int i = 0; i < batch.Rows; i++)
            {
                if (counted[i])
                {
                    Add(batch.FirstRow + i, wrong[i], 0);
                }
            }
        }

        for (int i = 0; i < batch.Rows && errors is null; i++)
        {
            int label = columns.Label[i], prediction = columns.Prediction[i];
            double value = Value(i, label != prediction);
            counted[i] = label != Domain.Null && prediction != Domain.Null && !double.IsNaN(value);
            if (counted[i])
            {
                Add(batch.FirstRow + i, label != prediction, value);
            }
        }

        int next = 0;
        ReadOnlySpan<bool> rows = counted.AsSpan(0, batch.Rows);
        if (options.Label == true)
        {
            bits.Add(batch.FirstRow, rows, columns.Label, setOf[next++]);
        }

        if (options.Pred)
        {
            bits.Add(batch.FirstRow, rows, columns.Prediction, setOf[next++]);
        }

        foreach (CodeColumn column in columns.Segments)
        {
            bits.Add(batch.FirstRow, rows, column, setOf[next++]);
        }
    }

    public void Finish()
    {
        lock (shared)
        {
            shared.Rows += mine.Rows;
            shared.Errors += mine.Errors;
            shared.Sum += mine.Sum;
        }
    }

    public void Dispose() => columns.Dispose();

    /// <summary>NaN for a row that does not count.</summary>
    private double Value(int i, bool isError) => objective switch
    {
        SliceObjective.Error => 0,
        SliceObjective.Loss => columns.Scores!.Loss[i],
        _ => columns.Confidence![i] is >= -Calibration.Tolerance and <= 1 + Calibration.Tolerance and var confidence ? (isError ? confidence : 0) : double.NaN,
    };

    private void Add(long row, bool isError, double value)
    {
        mine.Rows++;
        mine.Errors += isError ? 1 : 0;
        if (isError)
        {
            bits.Add(row, 0);
        }

        if (objective == SliceObjective.Error)
        {
            mine.Sum += isError ? 1 : 0;
            return;
        }

        uint steps = SliceValue.Steps(objective, value);
        mine.Sum += steps;
        for (int b = 0; steps >> b != 0; b++)
        {
            if ((steps >> b & 1) != 0)
            {
                bits.Add(row, 1 + b);
            }
        }
    }
}
