namespace GpuDiag.Columns;

/// <summary>A value's bytes where a reader left them; valid until the next read of its column.</summary>
internal readonly unsafe record struct ByteRun(nint Pointer, int Length)
{
    internal ReadOnlySpan<byte> Span => new((void*)Pointer, Length);
}
