namespace GpuDiag.Columns.Arrow;

/// <summary>
/// A list column as a matrix. Where no row or element is null and the file is uncompressed, the batch borrows the
/// mapped file; else rows are copied. A null row is NaN in every place, a null element one NaN.
/// </summary>
internal sealed class ArrowMatrix(string file, ListWidth width, Func<int, long> firstRow) : IArrowColumn
{
    private ArrowVector? list;
    private ArrowVector? item;
    private long chunkRow;
    private long[] longs = [];

    public void Start(ArrowVector vector, int chunk)
    {
        (list, item) = (vector, vector.Child!);
        chunkRow = firstRow(chunk);
    }

    public void Read(Column target, long row, int rows)
    {
        MatrixColumn matrix = (MatrixColumn)target;
        matrix.NullRows = 0;
        bool isInteger = item!.Field.Type == FieldType.Integer;
        bool isDouble = item.Field.Width == 8 || isInteger;
        int k = Width(row, rows);
        if (rows > 0 && k > 0 && !isInteger && list!.Nulls == 0 && item.Nulls == 0 && Contiguous(row, rows, k) is >= 0 and long start
            && item.Field.Width != 2 && item.Buffers[1].IsMapped)
        {
            long bytes = (long)rows * k * item.Field.Width;
            if (bytes <= int.MaxValue)
            {
                _ = item.Buffers[1].Span(start * item.Field.Width, bytes);
                nint address = (nint)(item.Buffers[1].Pointer + (start * item.Field.Width));
                if (address % item.Field.Width == 0)
                {
                    matrix.Borrow(address, k, isDouble);
                    return;
                }
            }
        }

        matrix.Reserve(rows, k, isDouble);
        for (int i = 0; i < rows; i++)
        {
            if (list!.IsValid(row + i))
            {
                CopyRow(matrix, i, Place(row + i, k), k);
            }
            else
            {
                matrix.NullRows++;
                Fill(matrix, i, k);
            }
        }
    }

    /// <summary>The settled width, or that of the first row here that is not null, which settles it.</summary>
    private int Width(long row, int rows)
    {
        for (int i = 0; i < rows && width.Value == 0; i++)
        {
            if (list!.IsValid(row + i))
            {
                (_, long length) = Extent(row + i);
                if (length is <= 0 or > int.MaxValue || !width.Settle((int)length))
                {
                    throw Ragged(row + i, length);
                }
            }
        }

        return width.Value;
    }

    /// <summary>The first element of the rows where they follow one another; −1 where they do not.</summary>
    private long Contiguous(long row, int rows, int k)
    {
        long start = Place(row, k);
        for (int i = 1; i < rows; i++)
        {
            if (Place(row + i, k) != start + ((long)i * k))
            {
                return -1;
            }
        }

        return start;
    }

    /// <summary>A row's first element.</summary>
    private long Place(long row, int k)
    {
        (long start, long length) = Extent(row);
        if (length != k)
        {
            throw Ragged(row, length);
        }

        return start >= 0 && start <= item!.Length - length
            ? start
            : throw new InvalidDataException($"row {chunkRow + row} has elements {start} to {start + length} of {item!.Length}");
    }

    private (long Start, long Length) Extent(long row)
    {
        switch (list!.Field.Layout)
        {
            case ArrowLayout.FixedList:
                return (row * list.Field.Width, list.Field.Width);
            case ArrowLayout.List:
                ReadOnlySpan<int> near = list.Buffers[1].Values<int>(row, 2);
                return (near[0], (long)near[1] - near[0]);
            default:
                ReadOnlySpan<long> far = list.Buffers[1].Values<long>(row, 2);
                return (far[0], checked(far[1] - far[0]));
        }
    }

    private void CopyRow(MatrixColumn matrix, int to, long start, int k)
    {
        if (matrix.IsDouble)
        {
            Span<double> doubles = matrix.Doubles(to + 1).Slice(to * k, k);
            CopyDoubles(start, doubles);
            for (int j = 0; item!.Nulls > 0 && j < k; j++)
            {
                doubles[j] = item.IsValid(start + j) ? doubles[j] : double.NaN;
            }

            return;
        }

        Span<float> floats = matrix.Floats(to + 1).Slice(to * k, k);
        ArrowDecoders.Floats(item!.Field)(item, start, floats);
        for (int j = 0; item.Nulls > 0 && j < k; j++)
        {
            floats[j] = item.IsValid(start + j) ? floats[j] : float.NaN;
        }
    }

    private void CopyDoubles(long start, Span<double> doubles)
    {
        ArrowField field = item!.Field;
        if (field.Type != FieldType.Integer)
        {
            item.Buffers[1].Values<double>(start, doubles.Length).CopyTo(doubles);
            return;
        }

        if (longs.Length < doubles.Length)
        {
            longs = new long[doubles.Length];
        }

        ArrowDecoders.Longs(field)(item!, start, longs.AsSpan(0, doubles.Length));
        for (int j = 0; j < doubles.Length; j++)
        {
            doubles[j] = field is { Signed: false, Width: 8 } ? (ulong)longs[j] : longs[j];
        }
    }

    private static void Fill(MatrixColumn matrix, int to, int k)
    {
        if (matrix.IsDouble)
        {
            matrix.Doubles(to + 1).Slice(to * k, k).Fill(double.NaN);
        }
        else
        {
            matrix.Floats(to + 1).Slice(to * k, k).Fill(float.NaN);
        }
    }

    private InputException Ragged(long row, long length) => ListWidth.Ragged(file, list!.Field.Name, chunkRow + row, length, width.Value);
}
