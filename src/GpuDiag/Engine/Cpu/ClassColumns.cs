using GpuDiag.Columns;

namespace GpuDiag.Engine.Cpu;

/// <summary>Which probability column belongs to a class code.</summary>
internal sealed class ClassColumns
{
    private readonly int[] columns;

    public ClassColumns(int[] classCodes)
    {
        columns = new int[classCodes.Max() + 1];
        Array.Fill(columns, -1);
        for (int k = 0; k < classCodes.Length; k++)
        {
            columns[classCodes[k]] = k;
        }

        columns[Domain.Null] = -1;
        Count = classCodes.Length;
    }

    /// <summary>Probability columns.</summary>
    public int Count { get; }

    /// <summary>The column, or −1 for null and for a class without one.</summary>
    public int this[int code] => (uint)code < (uint)columns.Length ? columns[code] : -1;

    /// <summary>Whether rows have columns at all: a matrix of only null rows has none.</summary>
    public bool Has(MatrixColumn probabilities) => probabilities.Width == Count
        || (probabilities.Width == 0 ? false : throw new ArgumentException($"{probabilities.Width} probabilities for {Count} classes"));
}
