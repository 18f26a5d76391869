using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Compare;

/// <summary>
/// What AFTER says of the rows of BEFORE, by the number of the row there: filled in the order of AFTER, read in the order of
/// BEFORE. Eight bytes a row, eight more with confidences, and the probabilities as they are stored.
/// </summary>
internal sealed unsafe class AfterRows : IDisposable
{
    /// <summary>What stands for a row that AFTER does not have.</summary>
    public const int Unmatched = 0;

    private readonly ScratchMemory memory;
    private readonly ScratchMemory? probabilities;
    private readonly int* predictions;
    private readonly int* labels;
    private readonly double* confidences;

    /// <param name="rows">Rows of BEFORE.</param>
    /// <param name="confidence">There are confidences.</param>
    /// <param name="width">Probabilities of a row; 0 = none.</param>
    /// <param name="isDouble">Probabilities are doubles, else floats.</param>
    /// <param name="most">Bytes that may be in memory.</param>
    /// <param name="folder">For what does not fit.</param>
    public AfterRows(long rows, bool confidence, int width, bool isDouble, long most, string folder)
    {
        (Rows, Width, IsDouble, HasConfidence) = (rows, width, isDouble, confidence);
        long bytes = checked((confidence ? 16 : 8) * rows);
        memory = new ScratchMemory(bytes, most, folder);
        confidences = (double*)memory.Pointer;
        predictions = (int*)(confidence ? confidences + rows : confidences);
        labels = predictions + rows;
        if (width > 0)
        {
            try
            {
                probabilities = new ScratchMemory(checked(rows * width * (isDouble ? 8 : 4)), most - bytes, folder);
            }
            catch
            {
                memory.Dispose();
                throw;
            }
        }
    }

    public long Rows { get; }

    public bool HasConfidence { get; }

    /// <summary>Probabilities of a row; 0 = none.</summary>
    public int Width { get; }

    public bool IsDouble { get; }

    /// <summary>Notes what AFTER says; each row once.</summary>
    /// <param name="row">In BEFORE.</param>
    /// <param name="label">Code; 0 = null or no such column.</param>
    /// <param name="prediction">Code; 0 = null.</param>
    public void Set(long row, int label, int prediction)
    {
        predictions[row] = prediction + 1;
        labels[row] = label;
    }

    public void SetConfidence(long row, double confidence) => confidences[row] = confidence;

    /// <summary>Notes the probabilities in row <paramref name="at"/> of a batch.</summary>
    public void SetProbabilities(long row, MatrixColumn from, int at)
    {
        long place = row * Width;
        for (int k = 0; k < Width; k++)
        {
            double value = from.IsDouble ? ((double*)from.Pointer)[((long)at * Width) + k] : ((float*)from.Pointer)[((long)at * Width) + k];
            if (IsDouble)
            {
                ((double*)probabilities!.Pointer)[place + k] = value;
            }
            else
            {
                ((float*)probabilities!.Pointer)[place + k] = (float)value;
            }
        }
    }

    /// <summary>The codes of predictions, plus 1; <see cref="Unmatched"/>.</summary>
    public ReadOnlySpan<int> Predictions(long first, int rows) => new(predictions + first, rows);

    /// <summary>The codes of AFTER's labels; once a row was compared, that of its label, 0 where it is left out, negative where it is left out of scores.</summary>
    public Span<int> Labels(long first, int rows) => new(labels + first, rows);

    public ReadOnlySpan<double> Confidences(long first, int rows) => new(confidences + first, rows);

    /// <summary>Points a column at the probabilities of some rows.</summary>
    public void Borrow(MatrixColumn column, long first) =>
        column.Borrow((nint)((byte*)probabilities!.Pointer + (first * Width * (IsDouble ? 8 : 4))), Width, IsDouble);

    public void Dispose()
    {
        memory.Dispose();
        probabilities?.Dispose();
    }
}
