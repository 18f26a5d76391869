namespace GpuDiag.Columns.Arrow;

/// <summary>Finds a list column whose rows lie one after another in the mapped file.</summary>
internal static class ArrowMapping
{
    /// <summary>Null where a row or element is null, the values are not float32, are compressed, have gaps, or differ in length.</summary>
    internal static MappedMatrix? Map(ArrowVector list)
    {
        if (list is not { Nulls: 0, Length: > 0, Child: { Nulls: 0, Field: { Type: FieldType.Float32, Width: 4 } } item } || !item.Buffers[1].IsMapped)
        {
            return null;
        }

        (long start, long width) = list.Field.Layout switch
        {
            ArrowLayout.FixedList => (0, list.Field.Width),
            ArrowLayout.List => Even<int>(list, offset => offset),
            ArrowLayout.LargeList => Even<long>(list, offset => offset),
            _ => (0, 0),
        };
        long bytes = sizeof(float);
        nint pointer = item.Buffers[1].Pointer + (nint)(start * bytes);
        bool fits = width is > 0 and <= int.MaxValue && start >= 0 && list.Length <= (item.Length - start) / width
            && list.Length <= ((item.Buffers[1].Length / bytes) - start) / width;
        return fits && pointer % sizeof(float) == 0 ? new MappedMatrix(pointer, (int)width) : null;
    }

    /// <summary>The first element and the one length of all lists; a length of 0 where they differ.</summary>
    private static (long Start, long Width) Even<T>(ArrowVector list, Func<T, long> value)
        where T : unmanaged
    {
        const int Run = 1 << 16;
        long start = 0, width = 0;
        for (long row = 0; row < list.Length; row += Run)
        {
            ReadOnlySpan<T> offsets = list.Buffers[1].Values<T>(row, (int)Math.Min(Run, list.Length - row) + 1);
            if (row == 0)
            {
                start = value(offsets[0]);
                width = value(offsets[1]) - start;
            }

            for (int i = 0; i < offsets.Length; i++)
            {
                if (value(offsets[i]) != start + ((row + i) * width))
                {
                    return (0, 0);
                }
            }
        }

        return (start, width);
    }
}
