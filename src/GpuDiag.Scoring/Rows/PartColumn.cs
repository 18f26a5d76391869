using Parquet;
using Parquet.Schema;

namespace GpuDiag.Scoring.Rows;

/// <summary>A column of a part, filled row by row and written as one column chunk. Every row starts null.</summary>
internal abstract class PartColumn(Field field)
{
    public Field Field { get; } = field;

    /// <summary>The leaf that the values go to.</summary>
    public DataField Leaf { get; } = field is ListField list ? (DataField)list.Item : (DataField)field;

    public abstract Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation);
}

/// <summary>Text or null.</summary>
internal sealed class TextPart(string name, int capacity) : PartColumn(new DataField<string>(name))
{
    public string?[] Values { get; } = new string?[capacity];

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
        => writer.WriteAsync(Leaf, new ArraySegment<string>(Values!, 0, rows));
}

/// <summary>Bytes or null.</summary>
internal sealed class BytesPart(string name, int capacity) : PartColumn(new DataField<byte[]>(name))
{
    public byte[]?[] Values { get; } = new byte[capacity][];

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
        => writer.WriteAsync(Leaf, new ArraySegment<byte[]>(Values!, 0, rows));
}

/// <summary>A number or boolean, or null.</summary>
internal sealed class ValuePart<T>(string name, int capacity) : PartColumn(new DataField<T?>(name))
    where T : struct
{
    public T?[] Values { get; } = new T?[capacity];

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
        => writer.WriteAsync<T>(Leaf, Values.AsMemory(0, rows), cancellationToken: cancellation);
}

/// <summary>A list of <paramref name="width"/> numbers, or null.</summary>
internal sealed class ListPart<T>(string name, int width, int capacity) : PartColumn(new ListField(name, new DataField<T>("element")))
    where T : unmanaged
{
    private readonly T[] values = new T[checked(width * capacity)];
    private readonly bool[] there = new bool[capacity];

    public int Width => width;

    /// <summary>The row's values, to be filled; it is null no longer.</summary>
    public Span<T> Set(int row)
    {
        there[row] = true;
        return values.AsSpan(row * width, width);
    }

    /// <summary>The row's values, zeros where it is null.</summary>
    public ReadOnlySpan<T> Get(int row) => values.AsSpan(row * width, width);

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
    {
        // Levels of the format: 0 the list is null, 2 it has an element here (none is null); repetition 1: goes on.
        int full = there.AsSpan(0, rows).Count(true);
        int[] definition = new int[(full * width) + (rows - full)];
        int[] repetition = new int[definition.Length];
        T[] dense = full == rows ? values : new T[full * width];
        int level = 0;
        int at = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!there[row])
            {
                level++;
                continue;
            }
            definition.AsSpan(level, width).Fill(2);
            repetition.AsSpan(level + 1, width - 1).Fill(1);
            level += width;
            if (full < rows)
            {
                values.AsSpan(row * width, width).CopyTo(dense.AsSpan(at));
                at += width;
            }
        }
        return writer.WriteAllPartsAsync<T>(Leaf, dense.AsMemory(0, full * width), definition, repetition, cancellation);
    }
}
