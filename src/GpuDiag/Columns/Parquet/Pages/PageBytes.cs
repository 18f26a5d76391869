namespace GpuDiag.Columns.Parquet.Pages;

/// <summary>Bytes of a page in native memory, with 64 readable ones past the page's end. Slices are checked.</summary>
internal readonly unsafe struct PageBytes(byte* pointer, int length)
{
    public byte* Pointer { get; } = pointer;

    public int Length { get; } = length;

    public byte* End => Pointer + Length;

    public ReadOnlySpan<byte> Span => new(Pointer, Length);

    public PageBytes Slice(int start, int count) =>
        start >= 0 && count >= 0 && start <= Length - count
            ? new PageBytes(Pointer + start, count)
            : throw new InvalidDataException($"a page of {Length} bytes is too short for {count} at {start}");

    public PageBytes From(int start) => Slice(start, Length - start);
}
