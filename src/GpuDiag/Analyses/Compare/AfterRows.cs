using GpuDiag.Analyses.Shards;
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

    private const int Piece = 1 << 24;

    private delegate void SpanAction(Span<byte> bytes);

    private readonly ScratchMemory memory;
    private readonly ScratchMemory? probabilities;
    private readonly int* predictions;
    private readonly int* labels;
    private readonly double* confidences;

    /// <param name="first">The first row of BEFORE that it is of.</param>
    /// <param name="rows">How many follow, with it.</param>
    /// <param name="confidence">There are confidences.</param>
    /// <param name="width">Probabilities of a row; 0 = none.</param>
    /// <param name="isDouble">Probabilities are doubles, else floats.</param>
    /// <param name="most">Bytes that may be in memory.</param>
    /// <param name="folder">For what does not fit.</param>
    public AfterRows(long first, long rows, bool confidence, int width, bool isDouble, long most, string folder)
    {
        (First, Rows, Width, IsDouble, HasConfidence) = (first, rows, width, isDouble, confidence);
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

    public long First { get; }

    public long Rows { get; }

    /// <summary>What all rows take.</summary>
    public long Bytes => Rows * ((HasConfidence ? 16 : 8) + (Width * (IsDouble ? 8L : 4)));

    public bool HasConfidence { get; }

    public bool Has(long row) => row >= First && row < First + Rows;

    /// <summary>Probabilities of a row; 0 = none.</summary>
    public int Width { get; }

    public bool IsDouble { get; }

    /// <summary>Notes what AFTER says; each row once.</summary>
    /// <param name="row">In BEFORE.</param>
    /// <param name="label">Code; 0 = null or no such column.</param>
    /// <param name="prediction">Code; 0 = null.</param>
    public void Set(long row, int label, int prediction)
    {
        predictions[row - First] = prediction + 1;
        labels[row - First] = label;
    }

    public void SetConfidence(long row, double confidence) => confidences[row - First] = confidence;

    /// <summary>Notes the probabilities in row <paramref name="at"/> of a batch.</summary>
    public void SetProbabilities(long row, MatrixColumn from, int at)
    {
        long place = (row - First) * Width;
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
    public ReadOnlySpan<int> Predictions(long first, int rows) => new(predictions + (first - First), rows);

    /// <summary>The codes of AFTER's labels; once a row was compared, that of its label, 0 where it is left out, negative where it is left out of scores.</summary>
    public Span<int> Labels(long first, int rows) => new(labels + (first - First), rows);

    public ReadOnlySpan<double> Confidences(long first, int rows) => new(confidences + (first - First), rows);

    /// <summary>Points a column at the probabilities of some rows.</summary>
    public void Borrow(MatrixColumn column, long first) =>
        column.Borrow((nint)((byte*)probabilities!.Pointer + ((first - First) * Width * (IsDouble ? 8 : 4))), Width, IsDouble);

    /// <summary>Writes all rows, as codes of these classes.</summary>
    public void Save(BinaryWriter writer, Domain classes)
    {
        DomainStates.Save(writer, [classes]);
        Each(part => writer.Write(part));
    }

    /// <summary>Reads what was written of as many rows.</summary>
    public void Load(BinaryReader reader, Domain classes)
    {
        int[] codes = DomainStates.Load(reader, [classes])[classes];
        Each(part => reader.BaseStream.ReadExactly(part));
        for (long row = 0; row < Rows; row++)
        {
            labels[row] = codes[labels[row]];
            predictions[row] = predictions[row] == Unmatched ? Unmatched : codes[predictions[row] - 1] + 1;
        }
    }

    public void Dispose()
    {
        memory.Dispose();
        probabilities?.Dispose();
    }

    private void Each(SpanAction take)
    {
        Pieces((byte*)memory.Pointer, Rows * (HasConfidence ? 16 : 8));
        if (probabilities is not null)
        {
            Pieces((byte*)probabilities.Pointer, Rows * Width * (IsDouble ? 8 : 4));
        }

        void Pieces(byte* start, long bytes)
        {
            for (long at = 0; at < bytes; at += Piece)
            {
                take(new Span<byte>(start + at, (int)Math.Min(Piece, bytes - at)));
            }
        }
    }
}
