namespace GpuDiag.Columns;

/// <summary>Text per row, null where the value is null. Numbers in the invariant culture, dates in ISO 8601.</summary>
public sealed class TextColumn(int capacity) : Column
{
    public string?[] Values { get; } = new string?[capacity];

    public override void Dispose()
    {
    }
}
