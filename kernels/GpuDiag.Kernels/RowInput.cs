using System.Runtime.InteropServices;
using ILGPU;

namespace GpuDiag.Kernels;

/// <summary>Probability rows and their codes, as the row kernels take them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RowInput
{
    /// <summary>Rows × <see cref="Classes"/>, row by row, floats or doubles.</summary>
    public ArrayView<byte> Matrix;

    /// <summary>
    /// First two 64-bit words (offset in bytes, bytes per code) per column: the labels, then one per table. Then the
    /// columns' codes. 0 bytes per code: no column, all codes are 0.
    /// </summary>
    public ArrayView<byte> Codes;

    /// <summary>Class index of each label code, −1 where the class has no probability column.</summary>
    public ArrayView<int> LabelIndex;

    public int Rows;

    public int Classes;

    /// <summary>Tables that a row is added to.</summary>
    public int Tables;

    /// <summary>The code of a row in a column: 0 = the labels, 1 + t = table t.</summary>
    public readonly int Code(int column, int row)
    {
        ArrayView<long> header = Codes.Cast<long>();
        int width = (int)header[(2 * column) + 1];
        if (width == 0)
        {
            return 0;
        }

        long at = header[2 * column] + ((long)row * width);
        int code = Codes[at];
        if (width > 1)
        {
            code |= Codes[at + 1] << 8;
        }

        if (width > 2)
        {
            code |= (Codes[at + 2] << 16) | (Codes[at + 3] << 24);
        }

        return code;
    }

    /// <summary>The probability column of a row's label, or −1.</summary>
    public readonly int Label(int row)
    {
        int code = Code(0, row);
        return code < LabelIndex.Length ? LabelIndex[code] : -1;
    }
}
