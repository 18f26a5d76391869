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

    /// <summary>Further columns' bins, and the domains of columns that are known already.</summary>
    private ScanColumns(ScanColumns known, IReadOnlyList<SegmentRole> segments, Dictionary<string, QuantileBins> bins)
        : this(known.Roles with { Segments = [] }, known.Classes, new(known.bins.Concat(bins)), 0)
    {
        Roles = Roles with { Segments = segments };
        foreach ((Field field, int count) in segments.Select(s => s.Parts[0]))
        {
            parts[field.Name] = count > 0 ? this.bins[field.Name].Domain : known.Part(field);
        }

        Crosses = [.. segments.Select(s => (Domain[])[parts[s.Name]])];
        Segments = [.. Crosses.Select(c => c[0])];
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

    /// <summary>The domain of every column that a segment has, in the order of their names.</summary>
    public IEnumerable<Domain> Parts => parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value);

    /// <summary>The bins of every column that a segment cuts, by name.</summary>
    public Dictionary<string, QuantileBins> Quantiles => bins;

    /// <summary>The domain is of bins, which stand in their order.</summary>
    public bool IsBinned(Domain domain) => bins.Values.Any(b => b.Domain == domain);

    /// <summary>The same label, prediction and domains, with other segments: single columns, by value or in known bins.</summary>
    public ScanColumns With(IReadOnlyList<SegmentRole> segments, Dictionary<string, QuantileBins> further) => new(this, segments, further);

    public QuantileBins Bins(Field field) => bins[field.Name];
}
