using GpuDiag.Columns;

namespace GpuDiag.Analyses.Scan;

/// <summary>The domains of a scan: of its classes and of each segmentation. Shared by all passes and threads.</summary>
internal sealed class ScanColumns
{
    private readonly Dictionary<string, Domain> parts = [];
    private readonly Dictionary<string, QuantileBins> bins;

    /// <param name="roles">Which columns to read.</param>
    /// <param name="classes">The domain that labels and predictions share.</param>
    /// <param name="bins">The bins of every column that a segment cuts.</param>
    /// <param name="foundCapacity">Distinct values at which a segment that was found, not asked for, overflows.</param>
    public ScanColumns(Roles roles, Domain classes, Dictionary<string, QuantileBins> bins, int foundCapacity)
    {
        Roles = roles;
        Classes = classes;
        this.bins = bins;
        Crosses = [.. roles.Segments.Select(Domains)];
        Segments = [.. Crosses.Select(c => c[^1])];

        Domain[] Domains(SegmentRole segment)
        {
            List<Domain> chain = [];
            for (int i = 0; i < segment.Parts.Count; i++)
            {
                (Field field, int count) = segment.Parts[i];
                if (!parts.TryGetValue(field.Name, out Domain? part))
                {
                    part = count > 0 ? bins[field.Name].Domain : segment.Found ? new Domain(field.Name, foundCapacity) : new Domain(field.Name);
                    parts[field.Name] = part;
                }

                chain.Add(i == 0 ? part : new Domain($"{chain[^1].Name}*{part.Name}"));
            }

            return [.. chain];
        }
    }

    public Roles Roles { get; }

    public Domain Classes { get; }

    /// <summary>The domain of the split column, apart from that of a segment of it.</summary>
    public Domain Splits { get; } = new("split");

    /// <summary>Per segmentation: the domain of its first column, of the cross of the first two, and so on.</summary>
    public IReadOnlyList<Domain[]> Crosses { get; }

    /// <summary>The domain of each segmentation.</summary>
    public IReadOnlyList<Domain> Segments { get; }

    /// <summary>Probabilities are one list column.</summary>
    public bool ProbabilitiesAreList => Roles.Probs is [{ Type: FieldType.Float32List or FieldType.Float64List }];

    public Domain Part(Field field) => parts[field.Name];

    /// <summary>The bins of every column that a segment cuts, by name.</summary>
    public Dictionary<string, QuantileBins> Quantiles => bins;

    public QuantileBins Bins(Field field) => bins[field.Name];
}
