using System.Runtime.CompilerServices;

namespace GpuDiag.Reports.Tables;

/// <summary>Numbers or booleans as Parquet's plain encoding has them.</summary>
internal sealed class PlainNumbers<T>(int capacity) : IDisposable
    where T : struct
{
    private readonly ByteBuffer bytes = new((capacity * Unsafe.SizeOf<T>()) + 1);
    private int bits;

    /// <summary>For int, long, double and bool.</summary>
    public static TableType Type =>
        typeof(T) == typeof(int) ? TableType.Int32
        : typeof(T) == typeof(long) ? TableType.Int64
        : typeof(T) == typeof(double) ? TableType.Double
        : typeof(T) == typeof(bool) ? TableType.Boolean
        : throw new NotSupportedException($"A table has no columns of {typeof(T).Name}.");

    public ReadOnlySpan<byte> Bytes => bytes.Span;

    public void Add(T value)
    {
        if (typeof(T) == typeof(bool))
            AddBit(Unsafe.As<T, bool>(ref value));
        else if (typeof(T) == typeof(int))
            bytes.Add(Unsafe.As<T, int>(ref value));
        else if (typeof(T) == typeof(long))
            bytes.Add(Unsafe.As<T, long>(ref value));
        else
            bytes.Add(Unsafe.As<T, double>(ref value));
    }

    public void Dispose() => bytes.Dispose();

    /// <summary>Eight to a byte, the first in the lowest bit.</summary>
    private void AddBit(bool value)
    {
        int bit = bits++ & 7;
        if (bit == 0)
            bytes.AddByte(0);
        if (value)
            bytes.Last |= (byte)(1 << bit);
    }
}
