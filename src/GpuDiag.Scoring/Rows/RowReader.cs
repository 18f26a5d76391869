using System.Numerics;
using System.Runtime.InteropServices;
using GpuDiag.Columns;
using GpuDiag.Scoring.Models;

namespace GpuDiag.Scoring.Rows;

/// <summary>Reads rows in their order into blocks for the model and into what is carried over. For one thread.</summary>
internal sealed class RowReader : IDisposable
{
    /// <summary>Memory that a batch aims at.</summary>
    private const long BatchBytes = 8L << 20;

    private readonly Dataset data;
    private readonly ScorePlan plan;
    private readonly bool passMissing;
    private readonly List<ColumnRequest> requests = [];
    private readonly int[][] inputs;
    private readonly int[] carried;
    private readonly DatasetReader reader;
    private readonly Batch batch;
    private int chunk = -1;
    private int at;

    public RowReader(Dataset data, ScorePlan plan, bool passMissing)
    {
        (this.data, this.plan, this.passMissing) = (data, plan, passMissing);
        inputs = [.. plan.Inputs.Select(i => i.Columns.Select(c => Request(c.Field.Name, Form(i, c))).ToArray())];
        carried = [.. plan.Carried.Select(c => Request(c.Field.Name, c.Form))];
        bool images = requests.Exists(r => r.Form == ColumnForm.Image);
        long rowBytes = 8L * plan.Inputs.Sum(i => i.Image is null ? i.Width : 0) + plan.Carried.Sum(c => c.RowBytes);
        int capacity = (int)Math.Clamp(BatchBytes / Math.Max(1, rowBytes), 64, images ? 64 : 8192);
        batch = new Batch(requests, capacity);
        reader = data.Open(requests);
    }

    /// <summary>Position of the next row in the dataset.</summary>
    public long Row { get; private set; }

    /// <summary>The folder of the file that the next row is in; null where that is remote.</summary>
    public string? Folder => data.Files[data.Chunks[chunk].File].Folder;

    /// <summary>Goes forward to a row; whole chunks before it are not read.</summary>
    public void Skip(long row)
    {
        int target = chunk < 0 ? 0 : chunk;
        while (data.Chunks[target].FirstRow + data.Chunks[target].Rows <= row)
            target++;
        if (target != chunk)
        {
            Start(target);
            Row = data.Chunks[target].FirstRow;
        }
        while (Row < row)
        {
            if (at == batch.Rows)
                Next();
            int step = (int)Math.Min(row - Row, batch.Rows - at);
            at += step;
            Row += step;
        }
    }

    /// <summary>Reads the next <paramref name="count"/> rows into the block, and what is carried of them into the part.</summary>
    /// <param name="block">Receives them from its first row on; where it has more, they repeat the last one.</param>
    /// <param name="images">Receives undecoded images, as many as rows; null where the row has none.</param>
    /// <param name="part">Of the result.</param>
    /// <param name="offset">Where in the part.</param>
    public void Read(ModelBlock block, StoredImage?[] images, Part part, int offset, int count)
    {
        for (int done = 0; done < count;)
        {
            if (at == batch.Rows)
                Next();
            int take = Math.Min(count - done, batch.Rows - at);
            for (int c = 0; c < carried.Length; c++)
                plan.Carried[c].Copy(batch.Columns[carried[c]], at, take, part.Carried[c], offset + done);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (plan.Inputs[i].Image is not null)
                    Images((ImageColumn)batch.Columns[inputs[i][0]], take, images.AsSpan(done), part, offset + done);
                else
                    Numbers(i, block, done, take, part, offset + done);
            }
            at += take;
            done += take;
            Row += take;
        }
        for (int row = 0; row < count; row++)
        {
            if (part.Unscored[offset + row])
                part.Counts.AddMissing();
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        batch.Dispose();
    }

    private int Request(string column, ColumnForm form)
    {
        int found = requests.FindIndex(r => r.Column == column && r.Form == form);
        if (found >= 0)
            return found;
        requests.Add(new ColumnRequest(column, form));
        return requests.Count - 1;
    }

    private static ColumnForm Form(ModelInput input, InputColumn column) => input.Image is not null ? ColumnForm.Image
        : column.Field.Type is FieldType.Float32List or FieldType.Float64List ? ColumnForm.Matrix
        : ColumnForm.Numbers;

    private void Start(int target)
    {
        reader.Start(chunk = target);
        (batch.Rows, at) = (0, 0);
    }

    private void Next()
    {
        if (chunk < 0)
            Start(0);
        while (reader.Read(batch) == 0)
            Start(chunk + 1);
        at = 0;
    }

    private void Images(ImageColumn column, int count, Span<StoredImage?> to, Part part, int offset)
    {
        for (int i = 0; i < count; i++)
        {
            byte[]? bytes = column.Bytes[at + i];
            string? path = column.Paths[at + i];
            to[i] = bytes is { Length: > 0 } || !string.IsNullOrEmpty(path) ? new StoredImage(bytes, path, Folder) : null;
            part.Unscored[offset + i] |= to[i] is null;
        }
    }

    private void Numbers(int input, ModelBlock block, int row, int count, Part part, int offset)
    {
        var target = plan.Inputs[input];
        Span<byte> memory = block.Input(input).Slice(row * target.RowBytes, count * target.RowBytes);
        switch (target.Port.Type)
        {
            case PortType.Float:
                Fill<float>(input, memory, count, part, offset);
                break;
            case PortType.Double:
                Fill<double>(input, memory, count, part, offset);
                break;
            case PortType.Half:
                Fill<Half>(input, memory, count, part, offset);
                break;
            case PortType.Int64:
                Fill<long>(input, memory, count, part, offset);
                break;
            case PortType.Int32:
                Fill<int>(input, memory, count, part, offset);
                break;
            case PortType.Int8:
                Fill<sbyte>(input, memory, count, part, offset);
                break;
            default:
                Fill<byte>(input, memory, count, part, offset);
                break;
        }
    }

    private void Fill<T>(int input, Span<byte> memory, int count, Part part, int offset)
        where T : unmanaged, INumberBase<T>
    {
        Span<T> to = MemoryMarshal.Cast<byte, T>(memory);
        var target = plan.Inputs[input];
        int width = target.Width;
        int start = 0;
        for (int c = 0; c < target.Columns.Count; c++)
        {
            int columnWidth = target.Columns[c].Width;
            Column column = batch.Columns[inputs[input][c]];
            for (int i = 0; i < count; i++)
            {
                Span<T> row = to.Slice((i * width) + start, columnWidth);
                bool there = column switch
                {
                    NumberColumn { IsDouble: true } n => Values(n.Doubles.Slice(at + i, 1), row, target, c),
                    NumberColumn n => Values(n.Floats.Slice(at + i, 1), row, target, c),
                    MatrixColumn { Width: 0 } => Nothing(row),
                    MatrixColumn { IsDouble: true } m => Values(m.Doubles(at + i + 1).Slice((at + i) * columnWidth), row, target, c),
                    MatrixColumn m => Values(m.Floats(at + i + 1).Slice((at + i) * columnWidth), row, target, c),
                    _ => throw new InvalidOperationException("no numbers"),
                };
                part.Unscored[offset + i] |= !there && !(passMissing && IsFloating<T>());
            }
            start += columnWidth;
        }
    }

    private static bool Nothing<T>(Span<T> row)
    {
        row.Clear();
        return false;
    }

    /// <summary>False where a value is NaN. Floats are copied as they are; whole numbers must be whole.</summary>
    private bool Values<TFrom, T>(ReadOnlySpan<TFrom> from, Span<T> to, ModelInput input, int column)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(TFrom) == typeof(T))
        {
            MemoryMarshal.Cast<TFrom, T>(from[..to.Length]).CopyTo(to);
            return from[..to.Length].IndexOfAnyExceptInRange(TFrom.NegativeInfinity, TFrom.PositiveInfinity) < 0;
        }
        bool there = true;
        for (int k = 0; k < to.Length; k++)
        {
            TFrom value = from[k];
            bool isNumber = !TFrom.IsNaN(value);
            there &= isNumber;
            to[k] = T.CreateSaturating(value);
            bool fits = IsFloating<T>() || !isNumber || (TFrom.CreateSaturating(to[k]) == value && (input.Port.Type != PortType.Bool || value <= TFrom.One));
            if (!fits)
                throw new InputException(
                    $"a row from {Row} on has {value}, where the model's input '{input.Port.Name}' ({input.Port.Declared}) takes whole numbers of its range",
                    column: input.Columns[column].Field.Name, remedy: "Name another column with --input, or cast it as in training.");
        }
        return there;
    }

    private static bool IsFloating<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half);
}

/// <summary>An image as the data has it.</summary>
/// <param name="Folder">Where the data lies, which a path is relative to; null where it is remote.</param>
internal sealed record StoredImage(byte[]? Bytes, string? Path, string? Folder);
