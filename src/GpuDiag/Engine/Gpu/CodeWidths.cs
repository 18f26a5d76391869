using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Kernels;

namespace GpuDiag.Engine.Gpu;

/// <summary>How codes of 1, 2 or 4 bytes reach the device.</summary>
internal static class CodeWidths
{
    /// <summary>The kernels' reader for a width; 0 bytes = no column.</summary>
    public static Type Reader(int width) => width switch
    {
        0 => typeof(NoCodes),
        1 => typeof(ByteCodes),
        2 => typeof(ShortCodes),
        _ => typeof(IntCodes),
    };

    /// <summary>0 … 3, for tables by width.</summary>
    public static int Index(int width) => width == 4 ? 3 : width;

    /// <summary>Copies the codes of some rows into memory of the same or a larger width.</summary>
    public static void Copy(CodeColumn column, int from, int rows, int width, Span<byte> to)
    {
        switch (column.Width, width)
        {
            case (1, 1):
                column.Bytes.Slice(from, rows).CopyTo(to);
                break;
            case (2, 2):
                MemoryMarshal.AsBytes(column.Shorts.Slice(from, rows)).CopyTo(to);
                break;
            case (4, 4):
                MemoryMarshal.AsBytes(column.Ints.Slice(from, rows)).CopyTo(to);
                break;
            case (1, 2):
                Widen(column.Bytes.Slice(from, rows), MemoryMarshal.Cast<byte, ushort>(to));
                break;
            case (1, 4):
                Widen(column.Bytes.Slice(from, rows), MemoryMarshal.Cast<byte, int>(to));
                break;
            default:
                Widen(column.Shorts.Slice(from, rows), MemoryMarshal.Cast<byte, int>(to));
                break;
        }
    }

    private static void Widen(ReadOnlySpan<byte> from, Span<ushort> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }

    private static void Widen(ReadOnlySpan<byte> from, Span<int> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }

    private static void Widen(ReadOnlySpan<ushort> from, Span<int> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}
