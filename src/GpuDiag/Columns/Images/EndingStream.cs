namespace GpuDiag.Columns.Images;

/// <summary>
/// A file in memory that is an error to read far beyond its end: the decoder of JPEG looks for the next marker for ever in a
/// file that is cut off.
/// </summary>
internal sealed class EndingStream(byte[] content) : MemoryStream(content, writable: false)
{
    /// <summary>Reads at the end that a decoder may make: some look a little ahead.</summary>
    private const int Allowed = 1 << 12;

    private int beyond;

    public override int ReadByte() => Counted(base.ReadByte());

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        Counted(read == 0 && count > 0 ? -1 : read);
        return read;
    }

    private int Counted(int got) => got >= 0 || ++beyond <= Allowed ? got : throw new InvalidDataException("is cut off");
}
