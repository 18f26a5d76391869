using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>
/// A numeric column cut at its quantiles, as evenly as its values allow: equal values are never parted, so fewer bins
/// than asked for come out where quantiles coincide.
/// </summary>
internal sealed class QuantileBins
{
    private readonly double[] edges;
    private readonly double minimum;

    /// <param name="name">The column.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="quantiles">Upper edges of the bins, ascending, the largest value last.</param>
    public QuantileBins(string name, double minimum, IEnumerable<double> quantiles)
    {
        edges = [.. quantiles.Distinct()];
        this.minimum = minimum;
        Domain = new Domain(name);
        for (int i = 0; i < edges.Length; i++)
        {
            string low = (i == 0 ? minimum : edges[i - 1]).ToString("R", CultureInfo.InvariantCulture);
            string high = edges[i].ToString("R", CultureInfo.InvariantCulture);
            Domain.Code($"{(i == 0 ? '[' : '(')}{low}, {high}]");
        }
    }

    private QuantileBins(string name, double[] edges)
    {
        (this.edges, minimum, Domain) = ([.. edges, double.PositiveInfinity], double.NegativeInfinity, new Domain(name));
        for (int i = 0; i <= edges.Length; i++)
        {
            Domain.Code(OpenText(edges, i));
        }
    }

    /// <summary>Bins of other data, the first open below and the last above: every number is in one.</summary>
    /// <param name="name">The column.</param>
    /// <param name="edges">Upper edges, ascending, that of the last bin left out.</param>
    public static QuantileBins Open(string name, double[] edges) => new(name, edges);

    /// <summary>Bin number <paramref name="i"/> of those that <see cref="Open"/> makes.</summary>
    public static string OpenText(IReadOnlyList<double> edges, int i)
    {
        string low = i == 0 ? "" : edges[i - 1].ToString("R", CultureInfo.InvariantCulture), high = i == edges.Count ? "" : edges[i].ToString("R", CultureInfo.InvariantCulture);
        return i == edges.Count ? (i == 0 ? "all" : $"> {low}") : i == 0 ? $"≤ {high}" : $"({low}, {high}]";
    }

    /// <summary>Holds the bins as intervals, in order: bin i has code 1 + i.</summary>
    public Domain Domain { get; }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Domain.Name);
        writer.Write(minimum);
        writer.Write7BitEncodedInt(edges.Length);
        Array.ForEach(edges, writer.Write);
    }

    public static QuantileBins Load(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadDouble(), [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => reader.ReadDouble())]);

    public int Code(double value)
    {
        if (double.IsNaN(value) || edges.Length == 0)
        {
            return Domain.Null;
        }

        int i = Array.BinarySearch(edges, value);
        return 1 + Math.Min(i < 0 ? ~i : i, edges.Length - 1);
    }
}
