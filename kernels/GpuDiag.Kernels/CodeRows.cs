using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>
/// Sixteen consecutive rows of a column, held in registers. Rows are read with constant positions, so that the choice of
/// word and shift folds away. Memory is padded to whole blocks of sixteen rows.
/// </summary>
public interface IRows<TSelf>
    where TSelf : struct, IRows<TSelf>
{
    static abstract TSelf Load(ArrayView<Words> column, long block);
}

/// <summary>Codes of sixteen rows.</summary>
public interface ICodeRows<TSelf> : IRows<TSelf>
    where TSelf : struct, ICodeRows<TSelf>
{
    int At(int row);
}

/// <summary>No column: every row has code 0.</summary>
public struct NoCodes : ICodeRows<NoCodes>
{
    public static NoCodes Load(ArrayView<Words> column, long block) => default;

    public readonly int At(int row) => 0;
}

/// <summary>Codes of one byte: one load.</summary>
public struct ByteCodes : ICodeRows<ByteCodes>
{
    private Words a;

    public static ByteCodes Load(ArrayView<Words> column, long block) => new() { a = column[block] };

    public readonly int At(int row) => (int)((a.At(row >> 2) >> ((row & 3) << 3)) & 0xFF);
}

/// <summary>Codes of two bytes: two loads.</summary>
public struct ShortCodes : ICodeRows<ShortCodes>
{
    private Words a, b;

    public static ShortCodes Load(ArrayView<Words> column, long block) =>
        new() { a = column[2 * block], b = column[(2 * block) + 1] };

    public readonly int At(int row)
    {
        uint word = row < 8 ? a.At(row >> 1) : b.At((row - 8) >> 1);
        return (int)((word >> ((row & 1) << 4)) & 0xFFFF);
    }
}

/// <summary>Codes of four bytes: four loads.</summary>
public struct IntCodes : ICodeRows<IntCodes>
{
    private Words a, b, c, d;

    public static IntCodes Load(ArrayView<Words> column, long block) =>
        new() { a = column[4 * block], b = column[(4 * block) + 1], c = column[(4 * block) + 2], d = column[(4 * block) + 3] };

    public readonly int At(int row) =>
        (int)(row < 4 ? a.At(row) : row < 8 ? b.At(row - 4) : row < 12 ? c.At(row - 8) : d.At(row - 12));
}
