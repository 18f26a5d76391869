using GpuDiag.Columns;
using GpuDiag.Engine;

namespace GpuDiag.Analyses.Embeddings;

/// <summary>
/// What the main pass says of every row, kept for the analyses that go from row to row: 36 bytes a row, beside an
/// embedding that takes more. Threads write the rows of their own batches, so the content does not depend on them.
/// </summary>
internal sealed class RowFacts
{
    /// <param name="rows">Rows of the dataset.</param>
    /// <param name="classes">The domain of labels and predictions.</param>
    /// <param name="splits">The domain of splits.</param>
    public RowFacts(long rows, Domain classes, Domain splits)
    {
        Classes = classes;
        Splits = splits;
        Label = new int[rows];
        Prediction = new int[rows];
        Split = new int[rows];
        Confidence = new double[rows];
        Loss = new double[rows];
        Quality = new double[rows];
    }

    public Domain Classes { get; }

    public Domain Splits { get; }

    /// <summary>Class code per row, 0 without one.</summary>
    public int[] Label { get; }

    /// <summary>Class code per row, 0 without one.</summary>
    public int[] Prediction { get; }

    /// <summary>Split code per row, 0 without one.</summary>
    public int[] Split { get; }

    /// <summary>NaN without one.</summary>
    public double[] Confidence { get; }

    /// <summary>NaN without probabilities or without a label.</summary>
    public double[] Loss { get; }

    /// <summary>Of the label; NaN where it is not judged.</summary>
    public double[] Quality { get; }

    public long Rows => Label.LongLength;

    /// <summary>Label and prediction are there and differ.</summary>
    public bool IsError(long row) => Label[row] != Prediction[row] && Label[row] != Domain.Null && Prediction[row] != Domain.Null;

    /// <summary>The row in the form of the rows table; the key is the loss, else the confidence, as for errors.</summary>
    public TopRow Row(long row, double key) => new(row, key, Label[row], Prediction[row], Confidence[row], Loss[row], Quality[row]);

    /// <summary>Writes a range of rows.</summary>
    public void Save(BinaryWriter writer, (long First, long End) rows)
    {
        writer.Write(rows.First);
        writer.Write(rows.End);
        for (long i = rows.First; i < rows.End; i++)
        {
            writer.Write7BitEncodedInt(Label[i]);
            writer.Write7BitEncodedInt(Prediction[i]);
            writer.Write7BitEncodedInt(Split[i]);
            writer.Write(Confidence[i]);
            writer.Write(Loss[i]);
            writer.Write(Quality[i]);
        }
    }

    /// <summary>Takes what was written.</summary>
    /// <param name="reader">At it.</param>
    /// <param name="classes">The class code here of each there.</param>
    /// <param name="splits">The split code here of each there.</param>
    public void Load(BinaryReader reader, int[] classes, int[] splits)
    {
        long first = reader.ReadInt64(), end = reader.ReadInt64();
        for (long i = first; i < end; i++)
        {
            Label[i] = classes[reader.Read7BitEncodedInt()];
            Prediction[i] = classes[reader.Read7BitEncodedInt()];
            Split[i] = splits[reader.Read7BitEncodedInt()];
            (Confidence[i], Loss[i], Quality[i]) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        }
    }

    /// <summary>Takes the rows of a batch.</summary>
    public void Accept(
        long firstRow, int count, CodeColumn label, CodeColumn prediction, CodeColumn? split, NumberColumn? confidence, RowScores? scores, ReadOnlySpan<double> quality)
    {
        for (int i = 0; i < count; i++)
        {
            Label[firstRow + i] = label[i];
            Prediction[firstRow + i] = prediction[i];
            Split[firstRow + i] = split is null ? Domain.Null : split[i];
            Confidence[firstRow + i] = confidence is null ? double.NaN : confidence[i];
            Loss[firstRow + i] = scores is null ? double.NaN : scores.Loss[i];
            Quality[firstRow + i] = quality.IsEmpty ? double.NaN : quality[i];
        }
    }
}
