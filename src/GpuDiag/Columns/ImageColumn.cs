namespace GpuDiag.Columns;

/// <summary>
/// An image per row, as stored and not decoded: its bytes, the path of a file that holds it, both, or neither (null).
/// For images that are shown or scored; the arrays are reused, the byte arrays in them are not.
/// </summary>
public sealed class ImageColumn(int capacity) : Column
{
    public byte[]?[] Bytes { get; } = new byte[capacity][];

    /// <summary>As stored: relative to wherever the data was written.</summary>
    public string?[] Paths { get; } = new string?[capacity];

    public override void Dispose()
    {
    }

    internal void Clear(int rows)
    {
        Array.Clear(Bytes, 0, rows);
        Array.Clear(Paths, 0, rows);
    }
}
