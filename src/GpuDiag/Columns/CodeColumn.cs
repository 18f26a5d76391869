namespace GpuDiag.Columns;

/// <summary>
/// Dictionary codes: code 0 is null, 1 … are values of the <see cref="Domain"/>. Held in the narrowest of 1, 2 or 4
/// bytes (unsigned; 4 = int) that fits the domain as it stood when the batch was read; so the width may differ between batches.
/// </summary>
public sealed class CodeColumn : Column
{
    private readonly AlignedMemory memory = new();
    private readonly int capacity;

    public CodeColumn(Domain domain, int capacity)
    {
        Domain = domain;
        this.capacity = capacity;
        SetWidth(1, 1);
    }

    public Domain Domain { get; }

    /// <summary>Bytes per code: 1, 2 or 4.</summary>
    public int Width { get; private set; }

    /// <summary>Every code in the batch is below this.</summary>
    public int Limit { get; private set; }

    /// <summary>First code; aligned to 64 bytes, padded by 64.</summary>
    public nint Pointer => memory.Pointer;

    public Span<byte> Bytes => memory.Span<byte>(capacity);

    public Span<ushort> Shorts => memory.Span<ushort>(capacity);

    public Span<int> Ints => memory.Span<int>(capacity);

    /// <summary>Chooses the width for codes below <paramref name="limit"/> and makes room. Contents are undefined afterwards.</summary>
    public void SetLimit(int limit) => SetWidth(limit <= 256 ? 1 : limit <= 65536 ? 2 : 4, limit);

    /// <summary>
    /// Raises the limit and keeps the first <paramref name="rows"/> codes, copying them where the width grows: for
    /// values that turn up in the middle of a batch. At most twice in the life of a domain.
    /// </summary>
    internal void Widen(int limit, int rows)
    {
        bool grows = limit > 65536 ? Width < 4 : limit > 256 && Width < 2;
        int[] codes = new int[grows ? rows : 0];
        for (int row = 0; row < codes.Length; row++)
        {
            codes[row] = this[row];
        }

        SetLimit(Math.Max(limit, Limit));
        for (int row = 0; row < codes.Length; row++)
        {
            Set(row, codes[row]);
        }
    }

    /// <summary>The code of a row, whatever the width. For tests and rare paths.</summary>
    public int this[int row] => Width switch { 1 => Bytes[row], 2 => Shorts[row], _ => Ints[row] };

    public override void Dispose() => memory.Dispose();

    private void Set(int row, int code)
    {
        switch (Width)
        {
            case 1:
                Bytes[row] = (byte)code;
                break;
            case 2:
                Shorts[row] = (ushort)code;
                break;
            default:
                Ints[row] = code;
                break;
        }
    }

    /// <summary>A width that was chosen already. Contents are undefined afterwards.</summary>
    internal void SetWidth(int width, int limit)
    {
        memory.Reserve((nuint)capacity * (nuint)width);
        Width = width;
        Limit = limit;
    }
}
