using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>Numbers of sixteen rows, widened to double.</summary>
public interface INumberRows<TSelf> : IRows<TSelf>
    where TSelf : struct, INumberRows<TSelf>
{
    double At(int row);
}

/// <summary>Floats: four loads.</summary>
public struct SingleNumbers : INumberRows<SingleNumbers>
{
    private Words a, b, c, d;

    public static SingleNumbers Load(ArrayView<Words> column, long block) =>
        new() { a = column[4 * block], b = column[(4 * block) + 1], c = column[(4 * block) + 2], d = column[(4 * block) + 3] };

    public readonly double At(int row) =>
        Interop.IntAsFloat(row < 4 ? a.At(row) : row < 8 ? b.At(row - 4) : row < 12 ? c.At(row - 8) : d.At(row - 12));
}

/// <summary>Doubles: eight loads.</summary>
public struct DoubleNumbers : INumberRows<DoubleNumbers>
{
    private SingleHalf first, second;

    public static DoubleNumbers Load(ArrayView<Words> column, long block) =>
        new() { first = SingleHalf.Load(column, 8 * block), second = SingleHalf.Load(column, (8 * block) + 4) };

    public readonly double At(int row) => row < 8 ? first.At(row) : second.At(row - 8);

    /// <summary>Eight doubles.</summary>
    private struct SingleHalf
    {
        private Words a, b, c, d;

        public static SingleHalf Load(ArrayView<Words> column, long at) =>
            new() { a = column[at], b = column[at + 1], c = column[at + 2], d = column[at + 3] };

        public readonly double At(int row)
        {
            Words words = row < 2 ? a : row < 4 ? b : row < 6 ? c : d;
            return Interop.IntAsFloat((row & 1) == 0 ? words.X | ((ulong)words.Y << 32) : words.Z | ((ulong)words.W << 32));
        }
    }
}
