using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Shards;

/// <summary>What a look at the data before the first pass found, written and read.</summary>
internal static class RoundValues
{
    /// <summary>The classes of the probabilities, by name.</summary>
    public static void Save(BinaryWriter writer, int[] classCodes, Domain classes)
    {
        writer.Write7BitEncodedInt(classCodes.Length);
        foreach (int code in classCodes)
        {
            writer.Write(classes.Text(code));
        }
    }

    /// <summary>The codes here of the classes.</summary>
    public static int[] LoadClasses(BinaryReader reader, Domain classes) =>
        [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => classes.Code(reader.ReadString()))];

    public static void Save(BinaryWriter writer, Dictionary<string, QuantileBins> bins)
    {
        writer.Write7BitEncodedInt(bins.Count);
        foreach (QuantileBins cut in bins.Values.OrderBy(b => b.Domain.Name, StringComparer.Ordinal))
        {
            cut.Save(writer);
        }
    }

    public static Dictionary<string, QuantileBins> LoadBins(BinaryReader reader) =>
        Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => QuantileBins.Load(reader)).ToDictionary(b => b.Domain.Name);
}
