using System.Globalization;
using GpuDiag.Columns;

namespace GpuDiag.Analyses.Compare;

/// <summary>Pairs of a class and a segment's value as the values of a domain, which gives back of which two each is.</summary>
internal sealed class PairDomain(Domain classes, Domain segments)
{
    private readonly Lock gate = new();
    private readonly List<(int Class, int Segment)> parts = [default];

    /// <summary>Its null is: no class.</summary>
    public Domain Domain { get; } = new(segments.Name);

    public Domain Segments { get; } = segments;

    /// <summary>Of a code that <see cref="Code"/> gave.</summary>
    public (int Class, int Segment) this[int code] => parts[code];

    /// <summary>The pair's code; 0 where there is no class. Thread-safe.</summary>
    public int Code(int label, int segment)
    {
        if (label == Domain.Null)
        {
            return Domain.Null;
        }

        string text = classes.Text(label), kind = segment == Domain.Null ? "null" : "value";
        lock (gate)
        {
            int code = Domain.Code(string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}:{kind}:{Segments.Text(segment)}"));
            if (code == parts.Count)
            {
                parts.Add((label, segment));
            }

            return code;
        }
    }
}
