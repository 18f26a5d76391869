using System.Globalization;
using System.Numerics;
using GpuDiag.Kernels.Algebra;
using GpuDiag.Scoring.Models;
using GpuDiag.Scoring.Rows;

namespace GpuDiag.Scoring.Output;

/// <summary>Takes one output of the model into columns of a part.</summary>
internal abstract class ResultWriter
{
    /// <summary>Bytes of a row in memory, about.</summary>
    public abstract int RowBytes { get; }

    /// <summary>Its columns, with memory for so many rows.</summary>
    public abstract IEnumerable<PartColumn> Make(int rows);

    /// <summary>Takes the block's first <paramref name="count"/> rows; false of a row: the model gave NaN.</summary>
    /// <param name="block">After its run.</param>
    /// <param name="columns">Those that <see cref="Make"/> made.</param>
    /// <param name="row">Of the part, where the block begins.</param>
    /// <param name="part">Rows of it that are not to be scored stay null.</param>
    public abstract void Take(ModelBlock block, ReadOnlySpan<PartColumn> columns, int row, int count, Part part);

    /// <summary>How many columns it makes.</summary>
    public virtual int Columns => 1;
}

/// <summary>Class probabilities, as they are or by softmax from logits, and the most probable class.</summary>
/// <param name="output">Which of the block's.</param>
/// <param name="shape">One value per row is the logit or the probability of the second of two classes.</param>
/// <param name="names">Of the classes; null for numbers.</param>
/// <param name="argMax">Write the most probable class too: the model gives none itself.</param>
internal sealed class ProbabilityWriter<T>(int output, OutputShape shape, bool logits, IReadOnlyList<string>? names, bool argMax) : ResultWriter
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int classes = Math.Max(2, shape.Width);

    public override int RowBytes => (4 * classes) + 16;

    public override int Columns => argMax ? 2 : 1;

    public override IEnumerable<PartColumn> Make(int rows)
    {
        if (argMax)
            yield return names is null ? new ValuePart<long>(OutputResolver.Pred, rows) : new TextPart(OutputResolver.Pred, rows);
        yield return new ListPart<float>(OutputResolver.Probs, classes, rows);
    }

    public override void Take(ModelBlock block, ReadOnlySpan<PartColumn> columns, int row, int count, Part part)
    {
        var values = block.Output<T>(output, checked(block.Rows * shape.Width));
        var list = (ListPart<float>)columns[^1];
        double[] scratch = new double[classes];
        for (int i = 0; i < count; i++)
        {
            if (part.Unscored[row + i])
                continue;
            Spread(values.Slice(i * shape.Width, shape.Width), scratch);
            var probabilities = list.Set(row + i);
            int best = 0;
            bool undefined = false;
            for (int k = 0; k < classes; k++)
            {
                probabilities[k] = (float)scratch[k];
                undefined |= float.IsNaN(probabilities[k]);
                if (probabilities[k] > probabilities[best])
                    best = k;
            }
            if (undefined)
                part.Counts.AddUndefined();
            else if (argMax)
                Predict(columns[0], row + i, best);
        }
    }

    private void Spread(ReadOnlySpan<T> row, Span<double> to)
    {
        if (row.Length == 1)
        {
            double value = double.CreateTruncating(row[0]);
            to[0] = logits ? 0 : Deterministic.Sub(1, value);
            to[1] = value;
        }
        else
        {
            for (int k = 0; k < to.Length; k++)
                to[k] = double.CreateTruncating(row[k]);
        }
        if (logits)
            Softmax.Of(to, to);
    }

    private void Predict(PartColumn column, int row, int best)
    {
        if (names is null)
            ((ValuePart<long>)column).Values[row] = best;
        else
            ((TextPart)column).Values[row] = names[best];
    }
}

/// <summary>The class that the model itself predicts, by name where it has one.</summary>
internal sealed class PredictionWriter(int output, OutputShape shape, IReadOnlyList<string>? names, string file) : ResultWriter
{
    public override int RowBytes => 24;

    public override IEnumerable<PartColumn> Make(int rows)
    {
        yield return names is null && shape.Type != PortType.String ? new ValuePart<long>(OutputResolver.Pred, rows) : new TextPart(OutputResolver.Pred, rows);
    }

    public override void Take(ModelBlock block, ReadOnlySpan<PartColumn> columns, int row, int count, Part part)
    {
        string[]? texts = shape.Type == PortType.String ? block.Texts(output) : null;
        for (int i = 0; i < count; i++)
        {
            if (part.Unscored[row + i])
                continue;
            if (texts is not null)
            {
                ((TextPart)columns[0]).Values[row + i] = texts[i];
                continue;
            }
            long label = shape.Type == PortType.Int32 ? block.Output<int>(output, block.Rows)[i] : block.Output<long>(output, block.Rows)[i];
            if (names is null)
                ((ValuePart<long>)columns[0]).Values[row + i] = label;
            else if (label >= 0 && label < names.Count)
                ((TextPart)columns[0]).Values[row + i] = names[(int)label];
            else
                throw new InputException($"the model predicts class {label.ToString(CultureInfo.InvariantCulture)} where there are {names.Count} class names", file, remedy: "Give the names of all classes with --classes.");
        }
    }
}

/// <summary>An output as it is: a number per row, or a list of them.</summary>
internal sealed class ValuesWriter<TFrom, TTo>(int output, OutputShape shape, string name, bool isList) : ResultWriter
    where TFrom : unmanaged, INumberBase<TFrom>
    where TTo : unmanaged, INumberBase<TTo>
{
    public override int RowBytes => shape.Width * 8;

    public override IEnumerable<PartColumn> Make(int rows)
    {
        yield return isList ? new ListPart<TTo>(name, shape.Width, rows) : new ValuePart<TTo>(name, rows);
    }

    public override void Take(ModelBlock block, ReadOnlySpan<PartColumn> columns, int row, int count, Part part)
    {
        var values = block.Output<TFrom>(output, checked(block.Rows * shape.Width));
        for (int i = 0; i < count; i++)
        {
            if (part.Unscored[row + i])
                continue;
            if (!isList)
            {
                ((ValuePart<TTo>)columns[0]).Values[row + i] = TTo.CreateTruncating(values[i]);
                continue;
            }
            var to = ((ListPart<TTo>)columns[0]).Set(row + i);
            for (int k = 0; k < to.Length; k++)
                to[k] = TTo.CreateTruncating(values[(i * shape.Width) + k]);
        }
    }
}

/// <summary>A text per row.</summary>
internal sealed class TextResultWriter(int output, string name) : ResultWriter
{
    public override int RowBytes => 64;

    public override IEnumerable<PartColumn> Make(int rows)
    {
        yield return new TextPart(name, rows);
    }

    public override void Take(ModelBlock block, ReadOnlySpan<PartColumn> columns, int row, int count, Part part)
    {
        string[] texts = block.Texts(output);
        for (int i = 0; i < count; i++)
            ((TextPart)columns[0]).Values[row + i] = part.Unscored[row + i] ? null : texts[i];
    }
}
