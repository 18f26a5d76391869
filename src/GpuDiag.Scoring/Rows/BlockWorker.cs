using GpuDiag.Columns.Images;
using GpuDiag.Scoring.Images;
using GpuDiag.Scoring.Models;

namespace GpuDiag.Scoring.Rows;

/// <summary>A block of rows on its way: read, then run, then taken into its part.</summary>
internal sealed class BlockWork(ModelBlock block)
{
    public ModelBlock Block { get; } = block;

    public StoredImage?[] Images { get; } = new StoredImage?[block.Rows];

    public Part Part { get; set; } = null!;

    /// <summary>Where in the part.</summary>
    public int Offset { get; set; }

    /// <summary>Rows of it that are data.</summary>
    public int Rows { get; set; }
}

/// <summary>Runs blocks. Safe to use from several threads, each with a block of its own.</summary>
/// <param name="plan">What comes in and what is kept.</param>
/// <param name="imageRoot">The folder that image paths are relative to; null for that of each data file.</param>
/// <param name="skipDamaged">Leave rows with damaged images without results instead of failing.</param>
internal sealed class BlockWorker(ScorePlan plan, string? imageRoot, bool skipDamaged)
{
    private readonly ImageTensor?[] tensors = [.. plan.Inputs.Select(i => i.Image is { } shape ? new ImageTensor(shape, i.Port.Type) : null)];

    /// <summary>Decodes images, fills the block up, runs the model and takes its results into the part.</summary>
    /// <exception cref="InputException">An image is damaged, or the model refuses the rows.</exception>
    public void Run(BlockWork work)
    {
        Decode(work);
        FillUp(work);
        work.Block.Run();
        Take(work, work.Part, work.Offset);
    }

    /// <summary>
    /// How much results depend on the rows beside: the block is run again with its rows moved by one place. The greatest
    /// difference relative to the greatest value of the same output; 0 where every bit is the same. For a block that was run.
    /// </summary>
    public double Mixing(BlockWork work)
    {
        if (work.Rows < 2)
            return 0;
        var moved = new Part(work.Part.Index, work.Part.First, work.Rows, plan, 1);
        for (int i = 0; i < work.Rows; i++)
            moved.Unscored[i] = work.Part.Unscored[work.Offset + ((i + 1) % work.Rows)];
        for (int i = 0; i < plan.Inputs.Count; i++)
        {
            int row = plan.Inputs[i].RowBytes;
            var memory = work.Block.Input(i)[..(work.Rows * row)];
            byte[] first = memory[..row].ToArray();
            memory[row..].CopyTo(memory);
            first.CopyTo(memory[^row..]);
        }
        FillUp(work);
        work.Block.Run();
        Take(work, moved, 0);
        return Enumerable.Range(0, moved.Results.Count)
            .Max(c => PartDifference.Greatest(work.Part.Results[c], work.Offset, moved.Results[c], work.Rows));
    }

    private void Take(BlockWork work, Part part, int offset)
    {
        int column = 0;
        foreach (var result in plan.Results)
        {
            PartColumn[] columns = [.. part.Results.Skip(column).Take(result.Columns)];
            result.Take(work.Block, columns, offset, work.Rows, part);
            column += result.Columns;
        }
    }

    private void Decode(BlockWork work)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is not { } tensor)
                continue;
            int rowBytes = plan.Inputs[i].RowBytes;
            for (int row = 0; row < work.Rows; row++)
            {
                var memory = work.Block.Input(i).Slice(row * rowBytes, rowBytes);
                if (work.Images[row] is not { } image)
                {
                    memory.Clear();
                    continue;
                }
                try
                {
                    byte[] content = image.Bytes is { Length: > 0 } bytes ? bytes : new ImageFolder(imageRoot ?? image.Folder).Read(image.Path!);
                    tensor.Fill(content, memory);
                }
                catch (InvalidDataException fault)
                {
                    if (!skipDamaged)
                        throw Explain(work, row, image, i, fault);
                    memory.Clear();
                    work.Part.Unscored[work.Offset + row] = true;
                    work.Part.Counts.AddDamaged();
                }
            }
        }
    }

    private InputException Explain(BlockWork work, int row, StoredImage image, int input, InvalidDataException fault)
    {
        string which = image.Path is { } path ? $" ({Reports.Plain.Name(path, 80)})" : "";
        return new InputException(
            $"the image of row {work.Part.First + work.Offset + row}{which} {fault.Message}", column: plan.Inputs[input].Columns[0].Field.Name,
            remedy: "Replace it, or leave such rows without a prediction: --on-error skip. Paths are relative to --image-root, else to the data's folder, and stay below it.", inner: fault);
    }

    /// <summary>The rows behind the last one repeat it: values that the model can take.</summary>
    private void FillUp(BlockWork work)
    {
        for (int i = 0; i < plan.Inputs.Count; i++)
        {
            int row = plan.Inputs[i].RowBytes;
            var memory = work.Block.Input(i);
            for (int to = work.Rows; to < work.Block.Rows; to++)
                memory.Slice((work.Rows - 1) * row, row).CopyTo(memory[(to * row)..]);
        }
    }
}

/// <summary>Compares results.</summary>
internal static class PartDifference
{
    /// <summary>Row i of the first, from <paramref name="offset"/> on, against row i − 1 (cyclic) of the second.</summary>
    public static double Greatest(PartColumn first, int offset, PartColumn second, int rows)
    {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < rows; i++)
        {
            int other = (i + rows - 1) % rows;
            switch (first, second)
            {
                case (ListPart<float> a, ListPart<float> b):
                    Compare(a.Get(offset + i), b.Get(other));
                    break;
                case (ListPart<double> a, ListPart<double> b):
                    Compare(a.Get(offset + i), b.Get(other));
                    break;
                case (ValuePart<float> a, ValuePart<float> b):
                    Compare<float>([a.Values[offset + i] ?? 0], [b.Values[other] ?? 0]);
                    break;
                case (ValuePart<double> a, ValuePart<double> b):
                    Compare<double>([a.Values[offset + i] ?? 0], [b.Values[other] ?? 0]);
                    break;
                default:
                    break; // Classes: what matters of them shows in the probabilities, if there are any.
            }
        }
        return size > 0 ? difference / size : difference;

        void Compare<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
            where T : System.Numerics.INumberBase<T>
        {
            for (int k = 0; k < a.Length; k++)
            {
                (double x, double y) = (double.CreateTruncating(a[k]), double.CreateTruncating(b[k]));
                if (x.Equals(y))
                    continue;
                difference = Math.Max(difference, double.IsFinite(x - y) ? Math.Abs(x - y) : double.PositiveInfinity);
                size = Math.Max(size, Math.Max(Math.Abs(x), Math.Abs(y)));
            }
        }
    }
}
