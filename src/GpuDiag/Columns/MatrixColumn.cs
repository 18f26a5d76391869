namespace GpuDiag.Columns;

/// <summary>
/// A row-major block of floats or doubles, <see cref="Width"/> per row. A null row (or null element) is NaN.
/// Rows of other lengths than the first are an <see cref="InputException"/> of the reader, naming file, column and row.
/// The memory is the batch's own, or borrowed from a mapped file: then it is not padded.
/// </summary>
public sealed unsafe class MatrixColumn : Column
{
    private readonly AlignedMemory memory = new();

    /// <summary>Values per row; 0 when every row so far was null.</summary>
    public int Width { get; private set; }

    public bool IsDouble { get; private set; }

    /// <summary>Rows of the batch that are null.</summary>
    public int NullRows { get; set; }

    public nint Pointer { get; private set; }

    /// <summary>The values of <paramref name="rows"/> rows when not <see cref="IsDouble"/>.</summary>
    public Span<float> Floats(int rows) => new((void*)Pointer, checked(rows * Width));

    public Span<double> Doubles(int rows) => new((void*)Pointer, checked(rows * Width));

    /// <summary>Uses the batch's own memory, with room for <paramref name="rows"/> rows.</summary>
    public void Reserve(int rows, int width, bool isDouble)
    {
        memory.Reserve((nuint)rows * (nuint)width * (isDouble ? 8u : 4u));
        (Width, IsDouble, Pointer) = (width, isDouble, memory.Pointer);
    }

    /// <summary>Points at memory that the source keeps alive until the next read.</summary>
    public void Borrow(nint pointer, int width, bool isDouble) => (Width, IsDouble, Pointer) = (width, isDouble, pointer);

    public override void Dispose() => memory.Dispose();
}
