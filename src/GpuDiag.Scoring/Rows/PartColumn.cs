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

    /// <summary>Every row is null again.</summary>
    public abstract void Clear();
}

/// <summary>Text or null.</summary>
internal sealed class TextPart(string name, int capacity) : PartColumn(new DataField<string>(name))
{
    public string?[] Values { get; } = new string?[capacity];

    public override void Clear() => Array.Clear(Values);

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
        => writer.WriteAsync(Leaf, new ArraySegment<string>(Values!, 0, rows));
}

/// <summary>Bytes or null.</summary>
internal sealed class BytesPart(string name, int capacity) : PartColumn(new DataField<byte[]>(name))
{
    public byte[]?[] Values { get; } = new byte[capacity][];

    public override void Clear() => Array.Clear(Values);

    public override Task Write(ParquetRowGroupWriter writer, int rows, CancellationToken cancellation)
        => writer.WriteAsync(Leaf, new ArraySegment<byte[]>(Values!, 0, rows));
}

/// <summary>A number or boolean, or null.</summary>
internal sealed class ValuePart<T>(string name, int capacity) : PartColumn(new DataField<T?>(name))
    where T : struct
{
    public T?[] Values { get; } = new T?[capacity];

    public override void Clear() => Array.Clear(Values);

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

    public override void Clear() => Array.Clear(there);

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
        int full = there.AsSpan(0, rows).Count(true);
        var (definition, repetition) = full == rows ? ListLevels.Full(width, rows) : ListLevels.Of(width, there.AsSpan(0, rows));
        T[] dense = values;
        if (full < rows)
        {
            dense = new T[full * width];
            int at = 0;
            for (int row = 0; row < rows; row++)
            {
                if (there[row])
                {
                    Get(row).CopyTo(dense.AsSpan(at));
                    at += width;
                }
            }
        }
        return writer.WriteAllPartsAsync<T>(Leaf, dense.AsMemory(0, full * width), definition, repetition, cancellation);
    }
}

/// <summary>The levels of lists of one length: definition 0 where the list is null, else 2; repetition 1 within a list.</summary>
internal static class ListLevels
{
    private static readonly Lock Gate = new();

    // As large as the values themselves, and the same for every part but the last: made once per width.
    private static readonly Dictionary<int, (int Rows, int[] Definition, int[] Repetition)> Made = [];

    /// <summary>Of lists that are all there.</summary>
    public static (ReadOnlyMemory<int> Definition, ReadOnlyMemory<int> Repetition) Full(int width, int rows)
    {
        lock (Gate)
        {
            if (!Made.TryGetValue(width, out var made) || made.Rows < rows)
            {
                bool[] all = new bool[rows];
                all.AsSpan().Fill(true);
                var (definition, repetition) = Make(width, all);
                Made[width] = made = (rows, definition, repetition);
            }
            return (made.Definition.AsMemory(0, width * rows), made.Repetition.AsMemory(0, width * rows));
        }
    }

    public static (ReadOnlyMemory<int> Definition, ReadOnlyMemory<int> Repetition) Of(int width, ReadOnlySpan<bool> there) => Make(width, there);

    private static (int[] Definition, int[] Repetition) Make(int width, ReadOnlySpan<bool> there)
    {
        int full = there.Count(true);
        int[] definition = new int[(full * width) + (there.Length - full)];
        int[] repetition = new int[definition.Length];
        int level = 0;
        foreach (bool isThere in there)
        {
            int step = isThere ? width : 1;
            definition.AsSpan(level, step).Fill(isThere ? 2 : 0);
            repetition.AsSpan(level + 1, step - 1).Fill(1);
            level += step;
        }
        return (definition, repetition);
    }
}
