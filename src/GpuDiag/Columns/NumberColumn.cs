namespace GpuDiag.Columns;

/// <summary>One number per row, float or double as stored. Null is NaN, and counted in <see cref="Nulls"/>.</summary>
public sealed class NumberColumn(int capacity) : Column
{
    private readonly AlignedMemory memory = new();

    public bool IsDouble { get; private set; }

    /// <summary>How many rows of the batch are null (stored NaN is not null).</summary>
    public int Nulls { get; set; }

    public nint Pointer => memory.Pointer;

    /// <summary>The values when not <see cref="IsDouble"/>.</summary>
    public Span<float> Floats => memory.Span<float>(capacity);

    /// <summary>The values when <see cref="IsDouble"/>.</summary>
    public Span<double> Doubles => memory.Span<double>(capacity);

    public double this[int row] => IsDouble ? Doubles[row] : Floats[row];

    public void SetPrecision(bool isDouble)
    {
        memory.Reserve((nuint)capacity * (isDouble ? 8u : 4u));
        IsDouble = isDouble;
    }

    public override void Dispose() => memory.Dispose();
}
