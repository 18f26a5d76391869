using System.Collections;
using System.Diagnostics.CodeAnalysis;
using GpuDiag.Analyses.Results;

namespace GpuDiag.Analyses.Metrics;

/// <summary>
/// The metrics of one set of rows as a read-only dictionary in the order of the names. Packed (24 or 32 bytes a metric,
/// names shared), because there may be a hundred thousand of them.
/// </summary>
internal sealed class MetricSet : IReadOnlyDictionary<string, Estimate>
{
    private readonly MetricNames names;
    private readonly double[] packed;
    private readonly int parts;

    public MetricSet(MetricNames names)
    {
        this.names = names;
        parts = names.HasBounds ? 4 : 3;
        packed = new double[parts * names.Names.Length];
        Array.Fill(packed, double.NaN);
    }

    public int Count => names.Names.Length;

    public MetricNames Names => names;

    public IEnumerable<string> Keys => names.Names;

    public IEnumerable<Estimate> Values => Enumerable.Range(0, Count).Select(At);

    /// <summary>Setting a name that the result does not have is our mistake, and throws.</summary>
    public Estimate this[string key]
    {
        get => names[key] is >= 0 and int i ? At(i) : throw new KeyNotFoundException($"no metric '{key}'");
        set
        {
            int i = parts * names[key];
            packed[i] = value.Value ?? double.NaN;
            packed[i + 1] = value.Low ?? double.NaN;
            packed[i + 2] = value.High ?? double.NaN;
            if (parts > 3)
            {
                packed[i + 3] = value.Bound ?? double.NaN;
            }
        }
    }

    public bool ContainsKey(string key) => names[key] >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Estimate value)
    {
        int i = names[key];
        value = i >= 0 ? At(i) : default;
        return i >= 0;
    }

    public IEnumerator<KeyValuePair<string, Estimate>> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(i => KeyValuePair.Create(names.Names[i], At(i))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Estimate At(int i)
    {
        double? Of(int part) => double.IsNaN(packed[(parts * i) + part]) ? null : packed[(parts * i) + part];
        return new Estimate(Of(0), Of(1), Of(2), parts > 3 ? Of(3) : null);
    }
}
