using GpuDiag.Analyses.Scan;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Shards;

/// <summary>Domains in a state: texts in the order of their codes, so that codes mean what they meant wherever it is read.</summary>
internal static class DomainStates
{
    /// <summary>The domains of a scan, in a fixed order: also those of columns that stand in crosses alone, which later stages ask for their values.</summary>
    public static IReadOnlyList<Domain> Of(ScanColumns columns) => [.. columns.Parts.Concat(columns.Crosses.SelectMany(c => c)).Append(columns.Splits).Prepend(columns.Classes).Distinct()];

    public static void Save(BinaryWriter writer, IReadOnlyList<Domain> domains)
    {
        writer.Write7BitEncodedInt(domains.Count);
        foreach (Domain domain in domains)
        {
            writer.Write7BitEncodedInt(domain.Count - 1);
            for (int code = 1; code < domain.Count; code++)
            {
                writer.Write(domain.Text(code));
            }

            writer.Write(domain.Overflowed);
            writer.Write(domain.Surplus ?? "");
        }
    }

    /// <summary>Takes the texts in.</summary>
    /// <returns>Per domain, the code here of each code there.</returns>
    public static Dictionary<Domain, int[]> Load(BinaryReader reader, IReadOnlyList<Domain> domains)
    {
        Require(reader.Read7BitEncodedInt() == domains.Count);
        Dictionary<Domain, int[]> codes = [];
        foreach (Domain domain in domains)
        {
            int[] map = new int[reader.Read7BitEncodedInt() + 1];
            for (int code = 1; code < map.Length; code++)
            {
                map[code] = domain.Code(reader.ReadString());
            }

            bool overflowed = reader.ReadBoolean();
            string surplus = reader.ReadString();
            if (overflowed)
            {
                domain.Overflow(surplus);
            }

            codes.Add(domain, map);
        }

        return codes;
    }

    /// <summary>The checksum held, so a state that does not fit is of another program.</summary>
    public static void Require(bool fits)
    {
        if (!fits)
        {
            throw new InvalidDataException("the state does not fit this scan");
        }
    }
}
