using System.Buffers.Binary;
using System.Numerics;

namespace GpuDiag.Columns.Arrow;

/// <summary>Values of consecutive rows, none of them null.</summary>
internal delegate void ArrowDecode<T>(ArrowVector vector, long row, Span<T> to);

/// <summary>How each layout becomes one of the four kinds of values that sinks take.</summary>
internal static class ArrowDecoders
{
    private const int ViewBytes = 16;
    private const int GreatestInPlace = 12;

    internal static ArrowDecode<long> Longs(ArrowField field) => (field.Layout, field.Width, field.Signed) switch
    {
        (ArrowLayout.Null, _, _) => static (_, _, to) => to.Clear(),
        (ArrowLayout.Bits, _, _) => Bits,
        (_, 1, true) => Widen<sbyte>,
        (_, 1, false) => Widen<byte>,
        (_, 2, true) => Widen<short>,
        (_, 2, false) => Widen<ushort>,
        (_, 4, true) => Widen<int>,
        (_, 4, false) => Widen<uint>,
        _ => static (vector, row, to) => vector.Buffers[1].Values<long>(row, to.Length).CopyTo(to),
    };

    internal static ArrowDecode<float> Floats(ArrowField field) => field.Width == 2
        ? static (vector, row, to) =>
        {
            ReadOnlySpan<Half> halves = vector.Buffers[1].Values<Half>(row, to.Length);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)halves[i];
            }
        }
    : static (vector, row, to) => vector.Buffers[1].Values<float>(row, to.Length).CopyTo(to);

    internal static ArrowDecode<double> Doubles => static (vector, row, to) => vector.Buffers[1].Values<double>(row, to.Length).CopyTo(to);

    internal static ArrowDecode<ByteRun> Runs(ArrowField field)
    {
        int width = field.Width;
        return field.Layout switch
        {
            ArrowLayout.Bytes => static (vector, row, to) =>
            {
                ReadOnlySpan<int> offsets = vector.Buffers[1].Values<int>(row, to.Length + 1);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = Run(vector.Buffers[2], offsets[i], (long)offsets[i + 1] - offsets[i]);
                }
            }
            ,
            ArrowLayout.LargeBytes => static (vector, row, to) =>
            {
                ReadOnlySpan<long> offsets = vector.Buffers[1].Values<long>(row, to.Length + 1);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = Run(vector.Buffers[2], offsets[i], checked(offsets[i + 1] - offsets[i]));
                }
            }
            ,
            ArrowLayout.Views => Views,
            _ => (vector, row, to) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = Run(vector.Buffers[1], (row + i) * width, width);
                }
            }
            ,
        };
    }

    /// <summary>The text of integers in this field's meaning; null where the domain words them itself.</summary>
    internal static Func<long, string>? LongText(ArrowField field) => field.Type switch
    {
        FieldType.Boolean => v => v == 0 ? "false" : "true",
        FieldType.Date when field.UnitsPerSecond == 0 => ValueText.Date,
        FieldType.Date => v => v % 86_400_000 == 0
            ? ValueText.Date(v / 86_400_000)
            : throw new InvalidDataException($"a date of {v} ms is not a whole day"),
        FieldType.Timestamp => v => ValueText.Timestamp(v, field.UnitsPerSecond, field.Utc),
        _ when field is { Signed: false, Width: 8 } => IntegerCodes.Unsigned,
        _ => null,
    };

    /// <summary>The text of byte strings in this field's meaning; null where the domain words them itself.</summary>
    internal static BytesText? RunText(ArrowField field) => field.Type switch
    {
        FieldType.Decimal => bytes => ValueText.Decimal(LittleEndian(bytes), field.Scale),
        FieldType.Binary => ValueText.Hex,
        _ => null,
    };

    internal static BigInteger LittleEndian(ReadOnlySpan<byte> bytes) => new(bytes);

    private static void Bits(ArrowVector vector, long row, Span<long> to)
    {
        long first = row >> 3;
        ReadOnlySpan<byte> bytes = vector.Buffers[1].Span(first, ((row + to.Length + 7) >> 3) - first);
        int at = (int)(row & 7);
        for (int i = 0; i < to.Length; i++, at++)
        {
            to[i] = (bytes[at >> 3] >> (at & 7)) & 1;
        }
    }

    private static void Widen<T>(ArrowVector vector, long row, Span<long> to)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = vector.Buffers[1].Values<T>(row, to.Length);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = long.CreateTruncating(values[i]);
        }
    }

    private static void Views(ArrowVector vector, long row, Span<ByteRun> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            long at = (row + i) * ViewBytes;
            ReadOnlySpan<byte> view = vector.Buffers[1].Span(at, ViewBytes);
            int length = BinaryPrimitives.ReadInt32LittleEndian(view);
            if (length is >= 0 and <= GreatestInPlace)
            {
                to[i] = Run(vector.Buffers[1], at + 4, length);
                continue;
            }

            int buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]);
            to[i] = buffer >= 0 && buffer < vector.Buffers.Length - 2
                ? Run(vector.Buffers[2 + buffer], BinaryPrimitives.ReadInt32LittleEndian(view[12..]), length)
                : throw new InvalidDataException($"a string lies in buffer {buffer}, which is not there");
        }
    }

    private static ByteRun Run(ArrowBuffer buffer, long start, long length)
    {
        _ = buffer.Span(start, length);
        return new ByteRun((nint)(buffer.Pointer + start), (int)length);
    }
}
