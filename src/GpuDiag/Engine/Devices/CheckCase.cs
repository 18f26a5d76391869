using GpuDiag.Columns;

namespace GpuDiag.Engine.Devices;

/// <summary>What the rows of a check look like.</summary>
internal enum CheckShape
{
    /// <summary>Small integers and one-hot rows: sums that are known without arithmetic.</summary>
    Exact,

    /// <summary>Everything drawn evenly.</summary>
    Random,

    /// <summary>Nine rows in ten of one class and one segment, with one score.</summary>
    Skewed,

    /// <summary>Nulls, NaN, infinities, subnormals, entries out of range, rows of equal entries.</summary>
    Adversarial,
}

/// <summary>Columns of one check, drawn by a fixed seed. Class and segment codes count from 1; 0 is null.</summary>
internal sealed class CheckCase : IDisposable
{
    private static readonly double[] Odd = [double.NaN, double.PositiveInfinity, -2, 1.0011, -0.0011, -0.0005, 1.0005, 0, -0.0, 1e-310, 1e-40, 0.25];

    /// <param name="withMatrix">Draw probabilities too; without, there is no matrix to read.</param>
    public CheckCase(CheckShape shape, int rows, int classes, int segments, bool isDouble, bool withMatrix = true)
    {
        (Shape, Rows, ClassCount, SegmentCount) = (shape, rows, classes, segments);
        var random = new Random(rows + (31 * classes) + (977 * (int)shape));
        ClassCodes = [.. Enumerable.Range(0, classes).Select(k => Classes.Code(k))];
        for (int s = 0; s < segments; s++)
        {
            Segments.Code(s);
        }

        Label = new CodeColumn(Classes, rows);
        Prediction = new CodeColumn(Classes, rows);
        Segment = new CodeColumn(Segments, rows);
        Confidence = new NumberColumn(rows);
        Label.SetLimit(Classes.Count);
        Prediction.SetLimit(Classes.Count);
        Segment.SetLimit(Segments.Count);
        Confidence.SetPrecision(isDouble);
        Scores = new RowScores(rows);
        for (int row = 0; row < rows; row++)
        {
            bool common = shape == CheckShape.Skewed && random.Next(10) != 0;
            bool isNull = shape == CheckShape.Adversarial && random.Next(6) == 0;
            Set(Label, row, isNull ? 0 : shape == CheckShape.Exact ? 1 + (row % classes) : common ? 1 : 1 + random.Next(classes));
            Set(Prediction, row, shape == CheckShape.Exact ? Label[row] : common ? 1 : random.Next(classes + 1));
            Set(Segment, row, common ? 1 : random.Next(segments + 1));
            Set(Confidence, row, shape == CheckShape.Exact ? 0.5 : common ? 0.75 : isNull ? Odd[random.Next(Odd.Length)] : random.NextDouble());
        }

        if (withMatrix)
        {
            Fill(random, isDouble);
        }
    }

    public CheckShape Shape { get; }

    public int Rows { get; }

    public int ClassCount { get; }

    public int SegmentCount { get; }

    public Domain Classes { get; } = new("class");

    public Domain Segments { get; } = new("segment");

    public int[] ClassCodes { get; }

    public CodeColumn Label { get; }

    public CodeColumn Prediction { get; }

    public CodeColumn Segment { get; }

    public NumberColumn Confidence { get; }

    public MatrixColumn Matrix { get; } = new();

    public RowScores Scores { get; }

    public override string ToString() =>
        $"{Shape}, {Rows} rows, {ClassCount} classes, {SegmentCount} segments, {(Confidence.IsDouble ? "double" : "float")}";

    public void Dispose()
    {
        foreach (IDisposable column in (ReadOnlySpan<IDisposable>)[Label, Prediction, Segment, Confidence, Matrix, Scores])
        {
            column.Dispose();
        }
    }

    private void Fill(Random random, bool isDouble)
    {
        Matrix.Reserve(Rows, ClassCount, isDouble);
        var values = new double[ClassCount];
        for (int row = 0; row < Rows; row++)
        {
            Draw(random, row, values);
            for (int k = 0; k < ClassCount; k++)
            {
                if (isDouble)
                {
                    Matrix.Doubles(Rows)[(row * ClassCount) + k] = values[k];
                }
                else
                {
                    Matrix.Floats(Rows)[(row * ClassCount) + k] = (float)values[k];
                }
            }
        }
    }

    private void Draw(Random random, int row, double[] values)
    {
        Array.Clear(values);
        if (Shape == CheckShape.Exact || (Shape == CheckShape.Skewed && random.Next(10) != 0))
        {
            values[row % values.Length] = 1;
            return;
        }

        double sum = 0;
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = Math.Pow(random.NextDouble(), 4);
            sum += values[k];
        }

        for (int k = 0; k < values.Length; k++)
        {
            values[k] /= sum;
        }

        if (Shape == CheckShape.Adversarial)
        {
            if (random.Next(5) == 0)
            {
                Array.Fill(values, 1.0 / values.Length);
            }

            for (int odd = random.Next(6) - 3; odd > 0; odd--)
            {
                values[random.Next(values.Length)] = Odd[random.Next(Odd.Length)];
            }
        }
    }

    private static void Set(CodeColumn column, int row, int code)
    {
        switch (column.Width)
        {
            case 1:
                column.Bytes[row] = (byte)code;
                break;
            case 2:
                column.Shorts[row] = (ushort)code;
                break;
            default:
                column.Ints[row] = code;
                break;
        }
    }

    private static void Set(NumberColumn column, int row, double value)
    {
        if (column.IsDouble)
        {
            column.Doubles[row] = value;
        }
        else
        {
            column.Floats[row] = (float)value;
        }
    }
}
