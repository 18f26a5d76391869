using GpuDiag.Columns;

namespace GpuDiag.Analyses.Duplicates;

/// <summary>Rows that are duplicates of each other, directly or through others.</summary>
internal sealed class DuplicateSet
{
    private int label;
    private int split;

    public required long FirstRow { get; init; }

    /// <summary>Rows of the data.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows of the training set.</summary>
    public long TrainRows { get; private set; }

    /// <summary>Two rows have different labels; rows without one do not count.</summary>
    public bool Conflicting { get; private set; }

    /// <summary>Two rows of the data are in different splits; rows in none do not count.</summary>
    public bool SpansSplits { get; private set; }

    public void Accept(int labelCode, int splitCode)
    {
        Rows++;
        See(labelCode);
        SpansSplits |= split != Domain.Null && splitCode != Domain.Null && split != splitCode;
        split = split == Domain.Null ? splitCode : split;
    }

    public void AcceptTraining(int labelCode)
    {
        TrainRows++;
        See(labelCode);
    }

    private void See(int code)
    {
        Conflicting |= label != Domain.Null && code != Domain.Null && label != code;
        label = label == Domain.Null ? code : label;
    }
}
