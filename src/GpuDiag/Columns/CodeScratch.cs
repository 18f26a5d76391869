using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDiag.Columns;

/// <summary>
/// Codes of a batch as ints, before the width is known: new values may arrive up to the last row, so a batch is coded
/// first and narrowed after.
/// </summary>
internal sealed class CodeScratch
{
    private int[] codes = [];

    /// <summary>Room for the codes of a batch; contents are undefined.</summary>
    internal Span<int> Rows(int rows)
    {
        if (codes.Length < rows)
        {
            codes = new int[rows];
        }

        return codes.AsSpan(0, rows);
    }

    /// <summary>Writes the first <paramref name="rows"/> codes to the column, in the width that its domain needs now.</summary>
    internal void Store(CodeColumn target, int rows)
    {
        ReadOnlySpan<int> source = codes.AsSpan(0, rows);
        target.SetLimit(target.Domain.Count);
        switch (target.Width)
        {
            case 1:
                Narrow(source, target.Bytes);
                break;
            case 2:
                Narrow(source, target.Shorts);
                break;
            default:
                source.CopyTo(target.Ints);
                break;
        }
    }

    private static void Narrow(ReadOnlySpan<int> source, Span<byte> target)
    {
        ReadOnlySpan<Vector256<int>> quads = MemoryMarshal.Cast<int, Vector256<int>>(source);
        Span<Vector256<byte>> wide = MemoryMarshal.Cast<byte, Vector256<byte>>(target);
        int i = 0;
        for (; (i * 4) + 3 < quads.Length; i++)
        {
            Vector256<short> low = Vector256.Narrow(quads[i * 4], quads[(i * 4) + 1]);
            Vector256<short> high = Vector256.Narrow(quads[(i * 4) + 2], quads[(i * 4) + 3]);
            wide[i] = Vector256.Narrow(low.AsUInt16(), high.AsUInt16());
        }

        for (int row = i * 32; row < source.Length; row++)
        {
            target[row] = (byte)source[row];
        }
    }

    private static void Narrow(ReadOnlySpan<int> source, Span<ushort> target)
    {
        ReadOnlySpan<Vector256<int>> pairs = MemoryMarshal.Cast<int, Vector256<int>>(source);
        Span<Vector256<ushort>> wide = MemoryMarshal.Cast<ushort, Vector256<ushort>>(target);
        int i = 0;
        for (; (i * 2) + 1 < pairs.Length; i++)
        {
            wide[i] = Vector256.Narrow(pairs[i * 2].AsUInt32(), pairs[(i * 2) + 1].AsUInt32());
        }

        for (int row = i * 16; row < source.Length; row++)
        {
            target[row] = (ushort)source[row];
        }
    }
}
