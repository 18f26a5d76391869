using System.Runtime.InteropServices;

namespace GpuDiag.Columns.Npy;

/// <summary>Reads a <see cref="NpyFile"/> for one thread, at any row.</summary>
internal sealed class NpyReader(NpyFile file, ColumnRequest request)
{
    /// <summary>Fills the column; a matrix of float32 or float64 borrows the mapped file instead of copying it.</summary>
    internal void Read(Column target, long row, int rows)
    {
        switch (target)
        {
            case MatrixColumn matrix:
                ReadMatrix(matrix, row, rows);
                break;
            case NumberColumn numbers:
                numbers.SetPrecision(file.ItemBytes == 8);
                numbers.Nulls = 0;
                Copy(row, rows, numbers.IsDouble ? MemoryMarshal.AsBytes(numbers.Doubles) : MemoryMarshal.AsBytes(numbers.Floats));
                break;
            case TextColumn text:
                ReadText(text, row, rows);
                break;
            default:
                throw new ArgumentException($"'{request.Column}' cannot be read as {target.GetType().Name}", nameof(target));
        }
    }

    private void ReadMatrix(MatrixColumn matrix, long row, int rows)
    {
        matrix.NullRows = 0;
        nint address = file.Address(row, rows);
        if (file.ItemBytes != 2 && address % file.ItemBytes == 0)
        {
            matrix.Borrow(address, file.Width, file.ItemBytes == 8);
            return;
        }

        matrix.Reserve(rows, file.Width, file.ItemBytes == 8);
        Copy(row, rows, matrix.IsDouble ? MemoryMarshal.AsBytes(matrix.Doubles(rows)) : MemoryMarshal.AsBytes(matrix.Floats(rows)));
    }

    private void ReadText(TextColumn text, long row, int rows)
    {
        byte[] values = new byte[rows * Math.Max(4, file.ItemBytes)];
        Copy(row, rows, values);
        for (int i = 0; i < rows; i++)
        {
            text.Values[i] = file.ItemBytes == 8
                ? ValueText.Number(MemoryMarshal.Cast<byte, double>(values)[i])
                : ValueText.Number(MemoryMarshal.Cast<byte, float>(values)[i]);
        }
    }

    /// <summary>Copies the values, float16 widened to float32.</summary>
    private void Copy(long row, int rows, Span<byte> target)
    {
        ReadOnlySpan<byte> bytes = file.Bytes(row, rows);
        if (file.ItemBytes != 2)
        {
            bytes.CopyTo(target);
            return;
        }

        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
        Span<float> floats = MemoryMarshal.Cast<byte, float>(target);
        for (int i = 0; i < halves.Length; i++)
        {
            floats[i] = (float)halves[i];
        }
    }
}
